-- limit: nothing
-- value: true
return ("x").upper == text.upper
