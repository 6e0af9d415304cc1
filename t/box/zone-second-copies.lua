-- limit: error
return date.format(0, "HH", "posix/Europe/Minsk")
