-- limit: gas
local t = {}
for i = 1, 1000 do t[i] = i end
while true do local k = next(t, 999) end
