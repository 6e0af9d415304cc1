-- limit: error
return text.pad_end("x", 5, "ab")
