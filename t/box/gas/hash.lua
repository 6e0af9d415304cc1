local h = "" for i = 1, 30 do h = hash.sha256(h .. i) end return h
