-- limit: memory|gas
local t = {} while true do t[#t + 1] = text.match_all(text.rep("a", 9000), ".") end
