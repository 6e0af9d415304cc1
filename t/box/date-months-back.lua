-- limit: error
return date.add_months("0001-01-31", -1)
