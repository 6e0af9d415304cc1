-- limit: gas|memory
while true do text.title(text.rep("ß ", 100000)) end
