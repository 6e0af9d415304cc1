-- limit: error
return date.make({year = 2026, month = 2, day = 30})
