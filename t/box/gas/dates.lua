local n = 0
for i = 1, 50 do
  local at = date.start(date.add_months("2026-01-31", i, "Europe/Minsk"), "week", "Europe/Minsk")
  n = n + date.diff("2020-02-29", at, "day", "Europe/Minsk") + #date.format(at, "EEEE d MMMM", "Asia/Tokyo", "ru")
end
return n
