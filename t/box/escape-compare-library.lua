-- limit: error
return text < math
