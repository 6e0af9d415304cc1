-- limit: error
return ("x"):gsub("x", "y")
