-- limit: gas|memory|wall
local p, t = text.rep("a", 50000), {}
for i = 1, 20 do t[p .. i] = i end
for i = 1, 10000 do for k in pairs(t) do break end end
