-- limit: error
-- nothing a script sees tells where things lie in memory
local function seen(x) return text.contains(x, "0x") end
assert(not seen(tostring({})) and not seen(tostring(tostring)) and not seen(tostring(text)))
local ok, why = pcall(error, {})
assert(not seen(tostring(why)))
error("all clean")
