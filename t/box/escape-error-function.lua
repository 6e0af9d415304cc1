-- limit: error
error(function () end)
