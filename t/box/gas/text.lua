local t = {}
for i = 1, 60 do t[i] = text.upper("имя " .. i):rep(3, ";"):sub(2, -2) .. text.translit("Щука") end
return #list.join(t, "|")
