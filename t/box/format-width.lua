-- limit: error
return text.format("%999999999d", 1)
