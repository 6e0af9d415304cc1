-- limit: error
return list.range(1, 2, 0)
