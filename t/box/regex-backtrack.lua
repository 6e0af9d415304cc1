-- limit: error|gas|wall
return text.match(text.rep("a", 5000) .. "!", "^(a+)+$")
