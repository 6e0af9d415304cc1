-- limit: nothing
-- value: true
return text.match("\xff\xfe", ".") == nil
