-- limit: nothing
-- value: true
local t = {1, nil, 3} t[100] = 5 return #list.map(t, tostring) <= 100
