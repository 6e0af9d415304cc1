-- limit: memory|gas
local t = {} for i = 0, 1e9 do t[i * 2^20] = i end
