-- limit: error
assert(rawget ~= nil, "rawget is not there")
