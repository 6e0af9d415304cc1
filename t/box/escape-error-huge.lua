-- limit: error
error(text.rep("x", 100000))
