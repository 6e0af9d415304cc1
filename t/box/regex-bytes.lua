-- limit: error
return text.match("x", "\\C")
