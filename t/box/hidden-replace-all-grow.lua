-- limit: gas|memory
return #text.replace_all(text.rep("a", 20000), "a*", text.rep("$0", 500))
