-- limit: error|gas|nothing
return text.match(text.rep("ab", 20000), "(?:(a)|b)(?(1)b|(?0))*[!?]")
