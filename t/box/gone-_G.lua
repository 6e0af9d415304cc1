-- limit: error
assert(_G ~= nil, "_G is not there")
