-- limit: nothing|error
return text.match(text.rep("a", 30), text.rep("(a)", 30))
