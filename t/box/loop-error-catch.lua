-- limit: gas
while true do pcall(error, "x") end
