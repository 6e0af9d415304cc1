-- limit: gas
local i = 0 while true do i = i + 1 date.parts(i * 86400) end
