-- limit: error
error(nil)
