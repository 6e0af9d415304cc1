-- limit: error
return text.match("a", text.rep("(", 500) .. "a" .. text.rep(")", 500))
