-- limit: nothing
-- value: [2,15,0]
local x = 7 return {x & 2.0, x | 8.0, ~0xF & x}
