-- limit: error
return text.pad_start("x", 1e9)
