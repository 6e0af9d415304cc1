-- limit: error
return "\xff"
