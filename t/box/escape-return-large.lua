-- limit: error
local t = {}
for i = 1, 10002 do t[i] = true end
return t
