-- limit: nothing
-- value: "table"
return text.format("%s", {})
