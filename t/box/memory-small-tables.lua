-- limit: memory|gas
local t = {} while true do t = {t} end
