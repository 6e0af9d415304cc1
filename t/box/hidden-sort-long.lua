-- limit: gas|memory|wall
local p = text.rep("a", 50000)
local t = {}
for i = 1, 20 do t[i] = p .. i end
for i = 1, 10000 do list.sort(t) end
