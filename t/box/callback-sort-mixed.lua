-- limit: error
return list.sort({1, "2", 3})
