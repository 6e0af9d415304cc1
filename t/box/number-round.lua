-- limit: error
return math.round(1, 9007199254740992)
