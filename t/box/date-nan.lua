-- limit: error
return date.format(0/0)
