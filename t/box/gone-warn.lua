-- limit: error
assert(warn ~= nil, "warn is not there")
