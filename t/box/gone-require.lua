-- limit: error
assert(require ~= nil, "require is not there")
