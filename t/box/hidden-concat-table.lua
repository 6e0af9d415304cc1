-- limit: gas|memory
local t = list.range(1, 50000) while true do table.concat(t, text.rep(",", 100)) end
