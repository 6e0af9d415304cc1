-- limit: gas|memory
local t = {}
while true do local ok, e = pcall(error, text.rep("x", 1000)) t[#t + 1] = e end
