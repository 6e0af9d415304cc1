-- limit: gas
while true do end
