-- limit: error
return pcall()
