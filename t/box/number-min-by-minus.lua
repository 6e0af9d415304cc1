-- limit: nothing
-- value: [true,0]
return {math.mininteger // -1 == math.mininteger, math.mininteger % -1}
