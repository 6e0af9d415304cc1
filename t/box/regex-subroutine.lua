-- limit: error|nothing|gas
return text.match(text.rep("(", 5000), "(\\((?1)*\\))")
