-- limit: error
return text.upper("\xff")
