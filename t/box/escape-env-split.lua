-- limit: error
return load("return _" .. "ENV")
