-- limit: error
local x <close> = {}
return 1
