-- limit: error
assert(rawequal ~= nil, "rawequal is not there")
