-- limit: error
return date.add(0, "99999999999999d")
