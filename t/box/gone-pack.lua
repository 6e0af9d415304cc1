-- limit: error
return string.pack("i4", 1)
