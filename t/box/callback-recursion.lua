-- limit: error
local function f(n) return list.map({n}, function (v) return f(v + 1) end) end
return f(1)
