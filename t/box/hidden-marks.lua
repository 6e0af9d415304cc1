-- limit: error|gas|memory
return #text.translit("a" .. text.rep("\u{301}", 300000))
