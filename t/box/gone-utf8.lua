-- limit: error
assert(utf8 ~= nil, "utf8 is not there")
