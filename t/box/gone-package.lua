-- limit: error
assert(package ~= nil, "package is not there")
