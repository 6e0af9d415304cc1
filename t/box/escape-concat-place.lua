-- limit: error
return table.concat({1}, ",", 1, 1e9)
