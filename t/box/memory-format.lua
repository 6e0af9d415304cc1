-- limit: memory|gas
local s = "x" while true do s = text.format("%s%s%s", s, s, s) end
