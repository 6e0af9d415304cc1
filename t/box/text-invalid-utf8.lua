-- limit: nothing
return {text.len("\xff\xfe"), #text.sub("\xc3", 1, 1), #text.reverse("\xe2\x82"), text.byte("\xf0\x9f")}
