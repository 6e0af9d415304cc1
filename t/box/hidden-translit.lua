-- limit: gas|memory|error
while true do text.translit(text.rep("Щ", 50000)) end
