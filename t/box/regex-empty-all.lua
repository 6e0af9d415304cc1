-- limit: nothing
-- value: "-д-о-м-"
return text.replace_all("дом", "", "-")
