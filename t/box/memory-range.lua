-- limit: memory|gas
local t = {} while true do t[#t + 1] = list.range(1, 99999) end
