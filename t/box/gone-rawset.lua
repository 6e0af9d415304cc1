-- limit: error
assert(rawset ~= nil, "rawset is not there")
