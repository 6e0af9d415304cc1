local t = {10, 20, x = 1, [2.5] = 2, [true] = 3, [-1] = 4, ["длинный ключ, который не помещается в короткие строки"] = 5}
local out = {}
for r = 1, 40 do for k, v in pairs(t) do out[#out + 1] = v end end
return #out
