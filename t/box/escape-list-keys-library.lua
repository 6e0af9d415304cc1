-- limit: error
return list.keys(math)
