-- limit: gas
local s = "x" while true do s:upper():lower():rep(2):sub(1, 1) end
