-- limit: gas
-- a limit swallowed by pcall must come again
while true do pcall(function () while true do end end) end
