-- limit: gas|wall
local x, y = text.rep("a", 900000) .. "x", text.rep("a", 900000) .. "y"
local n = 0
for i = 1, 1000000 do if x == y then n = n + 1 end end
