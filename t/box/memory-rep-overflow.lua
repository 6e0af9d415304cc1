-- limit: error
return text.rep("ab", math.maxinteger)
