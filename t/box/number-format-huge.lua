-- limit: nothing
-- value: 424
return #number.format(1e308, 12)
