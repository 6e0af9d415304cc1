-- limit: error
return text.upper("\xc3")
