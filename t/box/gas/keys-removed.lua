local t = {}
for i = 1, 400 do t["k" .. i] = i end
for i = 401, 1500 do t["k" .. i - 400] = nil t["k" .. i] = i end
local n = 0
for k, v in pairs(t) do n = n + v end
return n
