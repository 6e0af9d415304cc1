-- limit: error
return date.start(0, "fortnight")
