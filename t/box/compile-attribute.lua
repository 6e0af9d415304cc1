-- limit: error
local x <gc> = 1
