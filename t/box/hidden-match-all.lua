-- limit: gas|error|memory
while true do text.match_all(text.rep("a", 60000), "") end
