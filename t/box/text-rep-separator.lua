-- limit: memory
return text.rep("", 1e9, "abc")
