-- limit: gas
while true do list.group_by(list.range(1, 100), function (v) return v % 7 end) end
