-- limit: nothing
-- value: "{\"a\":1}true"
return json.encode({["a"] = 1}) .. tostring(text.contains("a\0b", "\0"))
