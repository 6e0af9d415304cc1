-- limit: nothing
-- value: [0,0,0]
return {1 << 64, 1 << -1, 1 >> math.mininteger}
