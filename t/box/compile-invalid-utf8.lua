-- limit: error
return "" = 1
