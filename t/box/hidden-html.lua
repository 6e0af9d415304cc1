-- limit: gas|memory
local t = "'" while true do t = text.html_escape(t .. t) end
