-- limit: error
return text.format("%n", 1)
