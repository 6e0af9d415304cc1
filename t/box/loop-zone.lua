-- limit: gas
while true do date.start("2026-03-05T10:00:00Z", "week", "Europe/Minsk") end
