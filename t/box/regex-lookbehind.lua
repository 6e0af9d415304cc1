-- limit: error|nothing|gas
return text.match(text.rep("a", 60000), "(?<=a{255})b|[!?]")
