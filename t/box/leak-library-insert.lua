-- limit: error
table.insert(text, "x")
