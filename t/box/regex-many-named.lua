-- limit: gas|error
for i = 1, 1e6 do text.matches("x" .. i, "(?<n" .. i .. ">x)" .. i) end
