-- limit: error
return date.format(0, "HH", "Europe")
