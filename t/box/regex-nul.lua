-- limit: nothing
-- value: true
return text.match("a\0b", "\\x00") == "\0"
