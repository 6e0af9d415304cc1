-- limit: error
assert(getmetatable ~= nil, "getmetatable is not there")
