-- limit: nothing
-- value: "abc"
return text.rep("x", math.mininteger) .. text.sub("abc", math.mininteger, math.maxinteger)
