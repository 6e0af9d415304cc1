local n = 0
for i = 1, 100 do if not pcall(error, {i}) then n = n + 1 end if not pcall(function () return nil + i end) then n = n + 1 end end
return n
