-- limit: error|nothing
-- value: "abc"
return text.match("abc", "a(?C1)b(?C'x')c")
