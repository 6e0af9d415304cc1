-- limit: nothing
-- value: [9223372036854775806]
return list.range(math.maxinteger - 1, math.maxinteger, 2)
