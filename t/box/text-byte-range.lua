-- limit: error
return text.byte(text.rep("x", 1000), 1, -1)
