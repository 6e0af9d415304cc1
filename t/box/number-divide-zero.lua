-- limit: error
return 1 // 0
