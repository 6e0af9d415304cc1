-- limit: nothing
-- value: 3
local t = {1, 2, 3}
return #list.map(t, function (v) t[#t + 1] = v return v end)
