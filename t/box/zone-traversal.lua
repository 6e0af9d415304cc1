-- limit: error
return date.format(0, "HH", "../../../etc/passwd")
