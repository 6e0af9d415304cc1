-- limit: gas|wall
local a = text.rep("a", 300000)
local b = a .. "b"
a = a .. "c"
while a ~= b do local x = a < b end
