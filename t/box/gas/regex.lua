local n = 0
for i = 1, 20 do
  n = n + #text.match_all("заказ 2024-05-" .. i .. ", код A" .. i, "(\\d+)-(\\d+)|[A-Z]\\d+")
  if text.matches("x" .. i, "^x\\d{" .. i .. "}$") then n = n + 1 end
end
return n
