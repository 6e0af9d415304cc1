-- limit: error|gas
local function f() local ok, why = pcall(f) if not ok then error(why) end end
f()
