-- limit: error|gas
local function f() local ok, e = pcall(f) error(e, 2) end
f()
