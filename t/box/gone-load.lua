-- limit: error
assert(load ~= nil, "load is not there")
