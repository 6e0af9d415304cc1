-- limit: error
return json.decode(text.rep("[", 100000))
