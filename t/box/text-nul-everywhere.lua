-- limit: nothing
-- value: 10
local s = "a\0b" return #text.upper("x") + #text.trim(s) + #text.replace(s, "\0", "--") + #text.split(s, "\0")
