-- limit: error
return text.match("a", "\xff")
