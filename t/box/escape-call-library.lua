-- limit: error
return text("x")
