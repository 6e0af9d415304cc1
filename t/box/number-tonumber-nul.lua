-- limit: nothing
-- value: true
return tonumber("1\0") == nil and tonumber("1\0", 10) == nil
