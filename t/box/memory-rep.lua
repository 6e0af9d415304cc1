-- limit: memory
return text.rep("abcdefgh", 1000000000)
