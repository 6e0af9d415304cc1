-- limit: error
return math.random(1, 2)
