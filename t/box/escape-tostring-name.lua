-- limit: nothing
-- value: "userdatanilfunction"
return tostring(text) .. tostring(print) .. tostring(error)
