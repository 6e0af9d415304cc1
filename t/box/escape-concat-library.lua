-- limit: error
return table.concat({text})
