-- limit: nothing
-- value: [4,1,true]
return {text.find("дом", "", 4), text.find("дом", "д", math.mininteger), text.find("x", "x", math.maxinteger) == nil}
