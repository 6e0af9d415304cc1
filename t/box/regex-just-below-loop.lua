-- limit: gas
local s = text.rep(text.rep("a", 400) .. " ", 150)
while true do pcall(text.match, s, "\\w*\\w*[!?]") end
