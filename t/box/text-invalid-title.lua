-- limit: error
return text.title("\xff")
