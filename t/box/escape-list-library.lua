-- limit: error
return list.map(text, tostring)
