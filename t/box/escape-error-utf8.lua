-- limit: error
error("\xff\xfe")
