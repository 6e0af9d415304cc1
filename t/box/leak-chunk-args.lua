-- limit: error
-- ... of the chunk is its own environment and nothing else
local e = ...
e.pairs = nil
assert(pairs ~= nil)
error("the library shows through")
