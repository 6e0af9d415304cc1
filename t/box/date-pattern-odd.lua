-- limit: nothing
-- value: ""
return date.format(0, "'")
