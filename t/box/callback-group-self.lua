-- limit: nothing
-- value: 0
local t = {}
for i = 1, 5 do t[i] = i end
local g = list.group_by(t, function (v) t[v] = nil return "k" end)
return #g.k
