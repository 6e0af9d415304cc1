-- limit: error
return text.format("%a", 1)
