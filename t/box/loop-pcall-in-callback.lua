-- limit: gas
while true do pcall(list.map, {1}, function () pcall(function () while true do end end) end) end
