-- limit: error|nothing|gas
return text.match(text.rep("a", 3000), "(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)(a+)+[!?]")
