-- limit: memory|gas
local t, r = {}, list.range(1, 20000) while true do t[#t + 1] = list.slice(r, 1) end
