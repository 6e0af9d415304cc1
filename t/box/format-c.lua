-- limit: error
return text.format("%c", -1)
