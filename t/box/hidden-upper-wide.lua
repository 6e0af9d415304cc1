-- limit: gas|memory
while true do text.upper(text.rep("ŉ", 100000)) end
