-- limit: gas
while true do pcall(date.format, "2026-01-01", text.rep("'", 255), "No/Zone") end
