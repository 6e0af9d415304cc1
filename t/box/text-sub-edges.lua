-- limit: nothing
-- value: ""
return text.sub("дом", math.maxinteger) .. text.sub("дом", -1, math.mininteger)
