-- limit: gas|wall
local long = text.rep("a", 500000)
local other = text.rep("a", 499999) .. "b"
local t = {}
for i = 1, 4000 do t[i] = long end
local n = 0
for i = 1, 1000 do if list.contains(t, other) then n = n + 1 end end
return n
