-- limit: error
return text.format("%*d", 5, 5)
