-- limit: gas|memory
local t = "x" while true do t = text.base64_encode(t) .. t end
