-- limit: nothing
-- value: 4
local t = {1, 2, 3, 4}
return #list.map(t, function (v, i) t[5 - i] = nil return v or 0 end)
