-- limit: gas
local t = {}
for i = 1, 2000 do t[i] = i end
list.sort(t, function () while true do end end)
