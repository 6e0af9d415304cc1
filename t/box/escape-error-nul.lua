-- limit: error
error("a\0b")
