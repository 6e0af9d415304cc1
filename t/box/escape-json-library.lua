-- limit: error
return json.encode(text)
