-- limit: nothing
-- value: "a-Xb-X"
return text.replace_all("aXbX", "(?=X)\\K", "-")
