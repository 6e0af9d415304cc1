-- limit: error
return number.format(1, 400)
