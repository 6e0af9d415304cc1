-- limit: error
error({secret = 1})
