-- limit: nothing
-- value: "ba$"
return text.replace_all("ab", "(a)(b)", "$2$1$9$$")
