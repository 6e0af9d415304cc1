-- limit: error|nothing
return {1e400, -1e400, 0/0}
