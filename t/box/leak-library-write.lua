-- limit: error
text.upper = function () return "mine" end
