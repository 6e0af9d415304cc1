-- limit: gas
local i = 0 while true do i = i + 1 pcall(date.format, 0, "HH", "X" .. i) end
