-- limit: memory|gas
local t = {} for i = 1, 1e9 do t[text.rep("k", 30) .. i] = true end
