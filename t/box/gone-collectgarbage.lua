-- limit: error
assert(collectgarbage ~= nil, "collectgarbage is not there")
