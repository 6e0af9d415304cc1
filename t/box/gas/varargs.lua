local function f(...) return select("#", ...) end local n = 0 for i = 1, 50 do n = n + f(table.unpack(list.range(1, i))) end return n
