-- limit: error|gas|wall
local s = text.rep("a", 5000)
return text.match(s, "^(a+)+$b")
