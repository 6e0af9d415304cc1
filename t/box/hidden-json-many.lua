-- limit: gas
local s = json.encode(list.range(1, 5000)) while true do json.decode(s) end
