-- limit: error
return text.split("abc", "")
