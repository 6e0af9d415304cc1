-- limit: error
local _ENV <const> = nil
return x
