-- limit: error
return date.format(9223372036854775807)
