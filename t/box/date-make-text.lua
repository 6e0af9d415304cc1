-- limit: error
return date.make({year = "2026x"})
