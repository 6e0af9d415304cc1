-- limit: error
return text.format("%d %d", 1)
