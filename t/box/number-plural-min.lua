-- limit: nothing
-- value: "c"
return number.plural(math.mininteger, "ru", "a", "b", "c")
