-- limit: nothing
-- value: true
return date.parse("2026", "yyyyyyyy") == nil and date.parse("", "") ~= nil
