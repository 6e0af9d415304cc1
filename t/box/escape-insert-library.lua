-- limit: error
table.insert(math, 1)
