-- limit: error
local t = {} for i = 1, 10001 do t[i] = true end return t
