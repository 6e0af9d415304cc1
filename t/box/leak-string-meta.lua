-- limit: error
local s = "x"
s.upper = nil
