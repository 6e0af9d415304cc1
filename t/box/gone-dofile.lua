-- limit: error
assert(dofile ~= nil, "dofile is not there")
