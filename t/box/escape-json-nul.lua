-- limit: error
return json.decode("\0")
