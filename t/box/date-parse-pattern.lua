-- limit: error
return date.parse("x", text.rep("y", 300))
