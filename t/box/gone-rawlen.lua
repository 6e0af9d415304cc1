-- limit: error
assert(rawlen ~= nil, "rawlen is not there")
