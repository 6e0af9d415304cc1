-- limit: error
return load("\27Lua")
