-- limit: error
return date.make({year = 2^53})
