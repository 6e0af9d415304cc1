-- limit: gas|memory
while true do text.url_encode(text.rep("я", 100000)) end
