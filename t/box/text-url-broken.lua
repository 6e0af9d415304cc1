-- limit: nothing
-- value: "%zz%4"
return text.url_decode("%zz%4")
