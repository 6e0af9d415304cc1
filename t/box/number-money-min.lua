-- limit: nothing
-- value: true
return #number.money(math.mininteger, "BYN") > 20
