local n = 0 for i = 1, 3000 do n = n + i % 7 * 3 // 2 end return n
