-- limit: error
return function () end
