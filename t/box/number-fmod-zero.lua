-- limit: error
return math.fmod(1, 0)
