-- limit: error
assert(debug ~= nil, "debug is not there")
