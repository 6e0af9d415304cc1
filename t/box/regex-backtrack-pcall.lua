-- limit: gas|wall
local s = text.rep("a", 30000)
while true do pcall(text.match, s, "(a*)*b") end
