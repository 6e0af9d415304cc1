-- limit: error
return text.char(0x110000)
