-- limit: error
assert(os ~= nil, "os is not there")
