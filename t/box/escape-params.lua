-- limit: error
return params.x
