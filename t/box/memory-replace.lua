-- limit: error|gas|memory
local s = text.rep("a", 10000)
return text.replace(s, "a", s)
