-- limit: error|nothing
local x <close> = nil local y <close> = false return 1
