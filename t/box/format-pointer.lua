-- limit: error
return text.format("%p", {})
