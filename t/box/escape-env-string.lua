-- limit: error
local e = "_ENV" return e.x.y
