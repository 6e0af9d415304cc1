-- limit: error
return text.rep("abcdefgh", 1000000000)
