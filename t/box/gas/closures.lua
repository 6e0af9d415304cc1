local fs = {}
for i = 1, 300 do local n = i fs[i] = function (x) n = n + x return n end end
local s = 0
for _, f in ipairs(fs) do s = s + f(2) end
return s
