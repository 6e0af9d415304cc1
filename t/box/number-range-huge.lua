-- limit: error
return #list.range(math.mininteger, math.maxinteger)
