-- limit: error
return math.random(0)
