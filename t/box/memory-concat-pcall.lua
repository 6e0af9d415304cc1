-- limit: memory|gas
local s = text.rep("x", 900000)
while true do pcall(function () s = s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s end) end
