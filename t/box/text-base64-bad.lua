-- limit: nothing
-- value: true
return text.base64_decode("@@@") == nil
