-- limit: error
return date.add("9999-12-31", "36500d")
