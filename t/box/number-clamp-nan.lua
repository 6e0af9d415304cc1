-- limit: error
return number.clamp(0/0, 1, 2)
