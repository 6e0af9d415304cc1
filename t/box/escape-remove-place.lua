-- limit: error
table.remove({1, 2}, math.mininteger)
