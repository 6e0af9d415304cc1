-- limit: error
return string.dump(function () end)
