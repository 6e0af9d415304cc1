-- limit: error
local t = {} t.t = t return json.encode(t)
