-- limit: gas|memory
local t = {a = 1}
while true do for k in pairs(t) do t[k .. "x"] = 1 end end
