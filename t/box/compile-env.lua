-- limit: error
local _ENV = {}
return 1
