-- limit: error|gas|wall
return text.match(text.rep("(", 20000) .. "!", "^(\\((?1)?\\)?)+$")
