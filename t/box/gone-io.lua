-- limit: error
assert(io ~= nil, "io is not there")
