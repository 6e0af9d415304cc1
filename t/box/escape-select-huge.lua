-- limit: nothing
-- value: 0
return select("#", select(2^31, 1, 2, 3))
