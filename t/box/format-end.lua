-- limit: error
return text.format("abc%")
