-- limit: gas
local i = 0 while true do i = i + 1 text.match("x", "x{" .. i % 60000 .. "}") end
