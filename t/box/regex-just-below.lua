-- limit: error|gas
return text.match(text.rep(text.rep("a", 400) .. " ", 160) .. "", "\\w*\\w*[!?]")
