-- limit: gas
local t = text.rep("x", 1000000) while true do t = hash.sha512(t) .. text.rep("x", 100000) end
