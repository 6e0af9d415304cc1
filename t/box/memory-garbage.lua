-- limit: gas
-- garbage alone is no memory error: it is collected, the gas ends it
while true do local t = {1, 2, 3, 4, 5, 6, 7, 8} end
