-- limit: error
local function twice(...) return text.char(..., ...) end
return (function (...) return text.char(table.unpack(list.range(60, 249)), 1, ...) end)(table.unpack(list.range(1, 190))), text.char(0, table.unpack(list.map(list.range(1, 199), function () return -1 end)))
