-- limit: nothing
-- value: 2
return #list.range(1, math.mininteger, math.mininteger)
