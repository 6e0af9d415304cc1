-- limit: error|nothing
return text.format("%-+ #0-+ #099.99f", 1)
