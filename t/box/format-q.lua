-- limit: error
return text.format("%q", "x")
