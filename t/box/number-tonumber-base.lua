-- limit: nothing
-- value: true
return tonumber("7fffffffffffffffffff", 16) == nil
