-- limit: error
return "\xff\xfe"
