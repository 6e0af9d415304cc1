-- limit: nothing
-- value: true
return math.abs(math.mininteger) > 0
