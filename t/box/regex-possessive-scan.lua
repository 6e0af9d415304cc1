-- limit: error|gas
return text.match(text.rep("a", 65000), "(?=(a*+))\\1[!?]")
