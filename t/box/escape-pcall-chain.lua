-- limit: nothing
-- value: true
return pcall(pcall, pcall, pcall, error, "x")
