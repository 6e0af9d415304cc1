-- limit: gas|wall
local hay, needle = text.rep("a", 500000), text.rep("a", 250000) .. "b"
for i = 1, 1000 do text.find(hay, needle) end
