-- limit: error
assert(loadfile ~= nil, "loadfile is not there")
