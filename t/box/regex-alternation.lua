-- limit: error|nothing
return text.match("zz", text.rep("a|", 511) .. "zz")
