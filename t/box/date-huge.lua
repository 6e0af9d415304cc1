-- limit: error
return date.format(1e300)
