-- limit: error|nothing
return #math
