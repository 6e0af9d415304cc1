-- limit: error|gas|memory
local t = {}
local s = text.rep("x", 1000)
for i = 1, 5000 do t[i] = s end
return list.join(t, s)
