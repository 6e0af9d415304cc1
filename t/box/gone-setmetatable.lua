-- limit: error
assert(setmetatable ~= nil, "setmetatable is not there")
