-- limit: error
local x <close> = {}
