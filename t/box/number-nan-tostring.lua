-- limit: nothing
-- value: "nan"
return tostring(-(0/0))
