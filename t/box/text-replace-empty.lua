-- limit: error
return text.replace("abc", "", "x")
