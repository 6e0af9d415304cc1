-- limit: nothing
-- value: "ab"
local t = {[1.0] = "a", [2^53] = "b"} return t[1] .. t[9007199254740992]
