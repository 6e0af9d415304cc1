-- limit: error
return "\u{FFFFFFFFF}"
