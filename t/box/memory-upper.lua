-- limit: gas|memory
local s = text.rep("ß", 250000)
local t = {}
while true do t[#t + 1] = text.upper(s .. #t) end
