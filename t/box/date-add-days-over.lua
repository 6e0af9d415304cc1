-- limit: error
return date.add_days("2026-01-01", 4000000)
