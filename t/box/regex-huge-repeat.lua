-- limit: error
return text.match("a", "((((a{1000}){1000}){1000}){1000})")
