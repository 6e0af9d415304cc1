-- limit: memory|gas|error|wall
local function f(n, ...) return f(n + 1, n, ...) end f(1)
