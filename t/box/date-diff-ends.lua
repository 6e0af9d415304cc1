-- limit: nothing
-- value: 9998
return date.diff("0001-01-01", "9999-12-31", "year")
