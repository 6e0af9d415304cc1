-- limit: gas|memory
while true do text.fold(text.rep("ﬃ", 50000)) end
