-- limit: error
assert(print ~= nil, "print is not there")
