-- limit: error
assert(xpcall ~= nil, "xpcall is not there")
