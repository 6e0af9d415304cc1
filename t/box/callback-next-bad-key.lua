-- limit: nothing
-- value: true
return next({a = 1, b = 2}, "zz") ~= nil
