-- limit: memory
return text.rep("ab", math.maxinteger)
