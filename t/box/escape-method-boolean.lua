-- limit: error
return (true):x()
