-- limit: gas|wall
local i = 0
while true do i = i + 1 text.matches("x", "(a{1,60}){1,60}" .. i) end
