-- limit: error
return (5):upper()
