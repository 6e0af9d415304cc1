-- limit: error|nothing
return json.decode("[1e400]")
