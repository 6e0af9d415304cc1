-- limit: error
assert(loadstring ~= nil, "loadstring is not there")
