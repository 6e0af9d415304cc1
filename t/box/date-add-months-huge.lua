-- limit: error
return date.add_months("2026-01-01", math.maxinteger)
