-- limit: error
return text.base64_decode("//8=")
