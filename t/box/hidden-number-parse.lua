-- limit: gas
while true do number.parse(text.rep("1 ", 30)) end
