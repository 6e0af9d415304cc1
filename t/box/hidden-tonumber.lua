-- limit: gas
local d = text.rep("9", 199) while true do tonumber(d) end
