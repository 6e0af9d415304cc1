-- limit: error|memory|gas
local s = "[" .. text.rep("[],", 80000) .. "[]]"
local t = {}
while true do t[#t + 1] = json.decode(s) end
