local t = {} for i = 1, 50 do t[text.rep("k", 100) .. i] = text.rep("v", i * 10) end local n = 0 for k, v in pairs(t) do n = n + #k + #v end return n
