-- limit: error|nothing
return json.decode("[123456789012345678901234567890]")
