-- limit: nothing
-- value: true
return #text.format("%99.99f", 1e308) > 300
