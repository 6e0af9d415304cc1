-- limit: error
local s = "x" s.y = 1
