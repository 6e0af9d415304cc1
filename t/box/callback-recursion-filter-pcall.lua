-- limit: error|gas|memory
local function f() return list.filter({1}, function () return pcall(f) end) end
while true do f() end
