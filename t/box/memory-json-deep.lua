-- limit: error
return json.decode(text.rep("[", 5000) .. text.rep("]", 5000))
