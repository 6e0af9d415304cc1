-- limit: nothing
-- value: "infinf"
return tostring(0x1p9999) .. tostring(1e400)
