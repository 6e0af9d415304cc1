-- limit: nothing
-- value: 50
local t = list.range(1, 50)
table.sort(t, function () return true end)
return #t
