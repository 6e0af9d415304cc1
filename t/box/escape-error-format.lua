-- limit: error
error("%s%n%s%n")
