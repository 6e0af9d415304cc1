-- limit: error|nothing|gas
return text.replace_all("abcabc", "(?=ab\\K)", "-")
