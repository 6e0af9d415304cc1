-- limit: gas
local long = text.rep("x", 60000) .. "%d"
while true do pcall(text.format, long, {}) end
