-- limit: error
return (nil):x()
