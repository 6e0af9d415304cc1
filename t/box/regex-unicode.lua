-- limit: error|gas|nothing
return text.match(text.rep("é́", 10000), "(?:\\X\\X?)*[!?]$")
