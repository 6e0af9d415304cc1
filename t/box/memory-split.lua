-- limit: memory|gas
local s = text.rep("a,", 400000)
local t = {}
while true do t[#t + 1] = text.split(s, ",") end
