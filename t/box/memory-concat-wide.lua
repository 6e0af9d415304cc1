-- limit: memory|gas
local s = text.rep("x", 500000)
return #(s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s)
