-- limit: error
local t = {[{}] = 1, [function () end] = 2}
for k in pairs(t) do return 1 end
