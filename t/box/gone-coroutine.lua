-- limit: error
assert(coroutine ~= nil, "coroutine is not there")
