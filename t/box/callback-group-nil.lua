-- limit: error
return list.group_by({1}, function () end)
