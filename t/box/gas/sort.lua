local t = {}
for i = 1, 200 do t[i] = i * 7919 % 211 end
table.sort(t, function (a, b) return a > b end)
return list.sum(list.first(list.sort(t), 10))
