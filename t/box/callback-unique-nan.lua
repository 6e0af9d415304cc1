-- limit: error
return list.unique({0/0, 0/0})
