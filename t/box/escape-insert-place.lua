-- limit: error
table.insert({1, 2}, 5, 1)
