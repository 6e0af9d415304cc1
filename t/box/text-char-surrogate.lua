-- limit: error
return text.char(0xD800)
