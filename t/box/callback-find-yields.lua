-- limit: error
return list.find({1}, coroutine and coroutine.yield)
