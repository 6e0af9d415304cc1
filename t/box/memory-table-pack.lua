-- limit: memory|gas|error
local function f(...) return f(table.pack(...), ...) end f(1)
