-- limit: gas
local t = {}
for i = 1, 16384 do t["k" .. i] = i end
for i = 16385, 1e9 do t["k" .. (i - 16384)] = nil t["k" .. i] = i end
