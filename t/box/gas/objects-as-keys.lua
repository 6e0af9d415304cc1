local seen, list_of = {}, {}
for i = 1, 200 do local o = {i} seen[o] = i list_of[i] = o end
for i = 1, 200, 2 do seen[list_of[i]] = nil end
for i = 1, 100 do seen[{}] = i end
local n = 0
for i = 1, 200 do n = n + (seen[list_of[i]] or 0) end
return n
