-- limit: nothing
-- value: [1,2,3,4,5]
local t = {5, 4, 3, 2, 1}
table.sort(t, function (a, b) for i = 1, 5 do t[i] = nil end return a < b end)
return t
