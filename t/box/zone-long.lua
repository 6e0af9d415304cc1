-- limit: error
return date.format(0, "HH", text.rep("A", 10000))
