local s = json.encode({a = list.range(1, 200), b = {c = text.rep("x", 300)}}) for i = 1, 20 do json.decode(s) end return #s
