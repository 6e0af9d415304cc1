-- limit: error
local t = {1} for i = 1, 16 do t = {t, t} end return t
