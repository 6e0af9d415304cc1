-- limit: nothing
-- value: "userdata"
return type(math)
