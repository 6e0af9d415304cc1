-- The words of segment rules (API.md, "Rule words"). Trusted: runs before the stranger's text, in the same box.
-- Running a rule builds nodes; a node is an empty table whose record is kept here, so a rule can neither look into
-- it nor change it. finish() hands the nodes over as a flat list. Types of fields, names and durations are checked
-- in C (src/segment/rule.c).
-- luacheck: read globals check fail keep line list nearest rawequal seal setmetatable span text

local records, made -- proxy → record; proxies in the order they were built
local building = false
local methods = {}  -- kind → word → function
local meta = {}

local MOST_NODES = 1000

local function said(v)
	local kind = type(v)
	if kind == "string" then return 'text "' .. text.sub(v, 1, 40) .. '"' end
	if kind == "number" then return "number " .. tostring(v) end
	if kind == "nil" then return "nothing" end
	if kind == "boolean" then return tostring(v) end
	if records[v] then return "a " .. records[v].kind end
	if kind == "function" then return "a function (a word without its parentheses?)" end
	return "a " .. kind
end

local function outside()
	fail("words of a rule cannot be used inside where(function …), only the profile's fields can")
end

local function build(record)
	if not building then outside() end
	if #made >= MOST_NODES then fail("a rule of more than " .. MOST_NODES .. " parts") end
	record.line = record.line or line()
	local proxy = setmetatable({}, meta)
	records[proxy] = record
	made[#made + 1] = proxy
	record.number = #made
	return proxy
end

-- A copy of a record with what is new; the old one counts as used by the new one.
local function derive(old, change)
	local from, record = records[old], {}
	for k, v in pairs(from) do record[k] = v end
	for k, v in pairs(change) do record[k] = v end
	record.line, record.from = nil, old
	return build(record)
end

local function appended(list, item)
	local out = {}
	for i, v in ipairs(list or {}) do out[i] = v end
	out[#out + 1] = item
	return out
end

-- Arguments ---------------------------------------------------------------------------------------

local function finite(v)
	return type(v) == "number" and v == v and v ~= math.huge and v ~= -math.huge
end

local function want(word, what, v, good)
	if not good then fail(word .. " expects " .. what .. ", got " .. said(v)) end
	return v
end

local function want_number(word, v)
	return want(word, "a number", v, finite(v))
end

local function want_text(word, v)
	return want(word, "a text", v, type(v) == "string")
end

local function want_duration(word, v)
	return want(word, 'a duration such as "15m", "1h" or "90d"', v, type(v) == "string")
end

local function want_date(word, v)
	return want(word, 'a date such as "2026-01-31"', v, type(v) == "string")
end

local function want_scalar(word, v)
	local kind = type(v)
	return want(word, "a value", v, kind == "string" or kind == "boolean" or finite(v))
end

-- A list without holes: {"a", nil, "b"} would silently be shorter.
local function want_list(word, v)
	want(word, "a list such as {\"a\", \"b\"}", v, type(v) == "table" and not records[v])
	local n = 0
	for key in pairs(v) do
		n = n + 1
		if key ~= n then fail(word .. ": the list has a hole or a name in it; only values, one after another") end
	end
	if n == 0 then fail(word .. ": the list is empty") end
	if n > 1000 then fail(word .. ": more than 1000 values") end
	local kind = type(v[1])
	for i = 1, n do
		want_scalar(word, v[i])
		if type(v[i]) ~= kind then fail(word .. ": the values of a list are of one kind") end
	end
	local copy = {}
	for i = 1, n do copy[i] = v[i] end
	return copy
end

local function no_more(word, ...)
	if select("#", ...) > 0 then fail(word .. " got too many arguments: " .. said((...))) end
end

-- word → function (…) that checks the arguments and gives them as a list
local tests = {}

local function test_word(word, check)
	tests[word] = function(...)
		return { word = word, args = check(word, ...), line = line() }
	end
end

local function one(check)
	return function(word, v, ...)
		no_more(word, ...)
		return { check(word, v) }
	end
end

test_word("is", one(want_scalar))
test_word("is_not", one(want_scalar))
test_word("contains", one(want_text))
test_word("starts", one(want_text))
test_word("matches", one(want_text))
test_word("one_of", function(word, v, ...)
	no_more(word, ...)
	return want_list(word, v)
end)
test_word("more", one(want_number))
test_word("less", one(want_number))
test_word("at_least", one(want_number))
test_word("at_most", one(want_number))
test_word("between", function(word, a, b, ...)
	no_more(word, ...)
	if type(a) == "string" and type(b) == "string" then return { a, b } end
	want(word, "two numbers or two dates", a, finite(a) or type(a) == "string")
	want(word, type(a) == "string" and "two dates" or "two numbers", b, finite(b) and type(a) ~= "string")
	return { a, b }
end)
test_word("empty", function(word, ...)
	no_more(word, ...)
	return {}
end)
test_word("before", one(want_date))
test_word("after", one(want_date))
test_word("within_last", one(want_duration))
test_word("within_next", one(want_duration))
test_word("anniversary", one(want_duration))
test_word("changed", one(want_duration))

local value_words = {
	"is", "is_not", "contains", "starts", "matches", "one_of", "more", "less", "at_least", "at_most",
	"between", "empty", "before", "after", "within_last", "within_next", "anniversary",
}
local number_words = { "is", "is_not", "one_of", "more", "less", "at_least", "at_most", "between", "empty" }
local instant_words = { "before", "after", "between", "empty", "within_last", "within_next", "anniversary" }

-- Methods -----------------------------------------------------------------------------------------

-- Fails, with the nearest word that it has.
local function no_word(record, word)
	local near = type(word) == "string" and methods[record.kind] and nearest(word, methods[record.kind])
	fail("a " .. record.kind .. " has no word " .. tostring(word) .. (near and ", did you mean " .. near .. "?" or ""))
end

-- A method says so when it was called with "." or on something else.
local function method(kind, word, fn)
	methods[kind] = methods[kind] or {}
	methods[kind][word] = function(self, ...)
		local record = records[self]
		if not record then
			fail("write :" .. word .. "(…) with a colon, not ." .. word)
		end
		local own = methods[record.kind] and methods[record.kind][word]
		if not own then no_word(record, word) end
		return fn(self, record, ...)
	end
end

local function test_method(kind, word)
	method(kind, word, function(self, record, ...)
		local test = tests[word](...)
		if kind == "field" then
			return build { kind = "condition", op = "field", name = record.name, test = test, uses = { self } }
		end
		return derive(self, { kind = "answer", test = test })
	end)
end

for _, word in ipairs(value_words) do
	test_method("field", word)
	test_method("value", word)
end
test_method("field", "changed")
for _, word in ipairs(number_words) do test_method("number", word) end
for _, word in ipairs(instant_words) do test_method("instant", word) end

-- The filters of events apply before anything is counted, wherever they are written.

local function add_where(self, record, by, ...)
	no_more("where", ...)
	want("where", "a table such as {total = 100}", by, type(by) == "table" and not records[by])
	local filters, uses = record.filters, {}
	for name, v in pairs(by) do
		if type(name) ~= "string" then
			fail("where{…} takes name = value; for a hole or a value without a name there is no meaning")
		end
		local test
		if records[v] then
			if records[v].kind ~= "matcher" then
				fail("where{" .. name .. " = …} takes a value, more(n), one_of{…} and the like, not a " ..
					records[v].kind)
			end
			test = records[v].test
			uses[#uses + 1] = v
		elseif type(v) == "table" then
			fail("where{" .. name .. " = {…}}: write one_of{…} for one of several values")
		else
			test = tests.is(v)
		end
		filters = appended(filters, { prop = name, test = test, line = line() })
	end
	if filters == record.filters then fail("where{} is empty") end
	return derive(self, { filters = filters, uses = uses })
end

local function add_within(self, record, span, ...)
	no_more("within", ...)
	want_duration("within", span)
	return derive(self, { windows = appended(record.windows, { within = span, line = line() }) })
end

local function add_between(self, record, from, to, ...)
	no_more("between", ...)
	want_date("between", from)
	want_date("between", to)
	return derive(self, { windows = appended(record.windows, { from = from, to = to, line = line() }) })
end

for _, kind in ipairs { "event", "number", "value", "instant", "answer" } do
	method(kind, "where", add_where)
	method(kind, "within", add_within)
end
method("event", "between", add_between)
method("answer", "between", add_between)

-- count():between("2026-01-01", "2026-02-01") is a window, count():between(1, 5) a test
local number_between = methods.number.between
method("number", "between", function(self, record, a, b, ...)
	if type(a) == "string" then return add_between(self, record, a, b, ...) end
	return number_between(self, a, b, ...)
end)

local function aggregate(word, kind, takes)
	method("event", word, function(self, _, prop, ...)
		no_more(word, ...)
		if takes == "prop" or (takes == "maybe" and prop ~= nil) then
			want(word, "the name of a property", prop, type(prop) == "string" and prop ~= "")
		elseif prop ~= nil then
			no_more(word, prop)
		end
		return derive(self, { kind = takes == "maybe" and prop ~= nil and "value" or kind, aggregate = word, prop = prop })
	end)
end

aggregate("count", "number")
aggregate("sum", "number", "prop")
aggregate("avg", "number", "prop")
aggregate("min", "number", "prop")
aggregate("max", "number", "prop")
aggregate("most", "value", "prop")
aggregate("first", "instant", "maybe")
aggregate("last", "instant", "maybe")

method("instant", "value", function(self, _, prop, ...)
	no_more("value", ...)
	want("value", "the name of a property", prop, type(prop) == "string")
	return derive(self, { kind = "value", prop = prop })
end)

local function add_then(self, record, other, span, ...)
	no_more("then_", ...)
	local after = records[other]
	want("then_", "an event such as event.purchase", other, after ~= nil and after.kind == "event")
	if span ~= nil then want_duration("then_", span) end
	local steps = record.kind == "sequence" and record.steps or { { event = self } }
	steps = appended(steps, { event = other, within = span, line = line() })
	return build { kind = "sequence", op = "sequence", steps = steps, uses = { self, other } }
end
method("event", "then_", add_then)
method("sequence", "then_", add_then)

local function did(word, kind, state)
	method(kind, word, function(self, _, ...)
		no_more(word, ...)
		return derive(self, { state = state })
	end)
end
did("received", "campaign", "received")
did("opened", "campaign", "opened")
did("clicked", "campaign", "clicked")
did("bounced", "campaign", "bounced")
did("unsubscribed", "campaign", "unsubscribed")
did("entered", "scenario", "entered")
did("finished", "scenario", "finished")
did("running", "scenario", "running")

-- Joining -----------------------------------------------------------------------------------------

local alone = {
	field = "a field alone is no condition: add a word, as in field.city:is \"…\"",
	number = "a number alone is no condition: add :at_least(n), :more(n), :is(n) …",
	value = "a value alone is no condition: add :is(v), :contains(s) …",
	matcher = "more(n) and the like stand inside where{…}",
}

-- One side of &, | or ~, or the result: a condition, or a sentence why not.
local function condition(v, where)
	local record = records[v]
	if not record then
		if type(v) == "function" then
			fail(where .. ": a word without its parentheses, write known() or event.x:count():at_least(1)")
		end
		fail(where .. ": expected a condition, got " .. said(v))
	end
	if alone[record.kind] then fail(alone[record.kind]) end
	return v
end

local function join(op)
	local sign = op == "and" and "&" or "|"
	return function(a, b)
		condition(a, "left of " .. sign)
		condition(b, "right of " .. sign)
		return build { kind = "condition", op = op, items = { a, b }, uses = { a, b } }
	end
end

meta.__band = join("and")
meta.__bor = join("or")
meta.__bnot = function(a)
	return build { kind = "condition", op = "not", items = { condition(a, "behind ~") }, uses = { a } }
end
meta.__index = function(self, key)
	local record = records[self]
	if not record then outside() end
	local own = methods[record.kind]
	if own and own[key] then return own[key] end
	if record.kind == "instant" and type(key) == "string" and not tests[key] then
		return derive(self, { kind = "value", prop = key })
	end
	no_word(record, key)
end
meta.__newindex = function() fail("a condition cannot be changed") end
meta.__call = function(self)
	local record = records[self]
	-- event.x:last():witin_last("1d"): a mistyped word of a moment was taken for a property
	if record and record.kind == "value" and record.from and records[record.from].kind == "instant" and record.prop then
		no_word(records[record.from], record.prop)
	end
	fail("a condition cannot be called: is there an & missing in front of the parenthesis, or a second value?")
end
meta.__metatable = false

local function refuse(why)
	return function() fail(why) end
end
local no_compare = refuse("conditions are not compared: write :is(v), :is_not(v), :more(n), :less(n) …")
meta.__eq, meta.__lt, meta.__le = no_compare, no_compare, no_compare
local no_arithmetic = refuse("conditions are not calculated with: join them with & and |, turn them round with ~")
for _, name in ipairs { "add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "shl", "shr", "len" } do
	meta["__" .. name] = no_arithmetic
end
meta.__bxor = refuse("~ between two conditions has no meaning here: write & ~ for \"and not\"")
meta.__concat = refuse("conditions are not put together with ..: join them with & and |")

-- Words -------------------------------------------------------------------------------------------

local function namer(word, make)
	return setmetatable({}, {
		__index = function(_, name)
			if not building then outside() end
			if type(name) ~= "string" or name == "" then fail(word .. "[…] takes a name") end
			return make(name)
		end,
		__call = refuse(word .. " is followed by a dot and a name: " .. word .. ".NAME or " .. word .. '["имя"]'),
		__newindex = meta.__newindex,
		__metatable = false,
	})
end

local words = {}

words.field = namer("field", function(name) return build { kind = "field", name = name } end)
words.event = namer("event", function(name)
	return build { kind = "event", op = "event", type = name, filters = {}, windows = {} }
end)

for _, word in ipairs { "more", "less", "at_least", "at_most", "between", "is", "is_not", "contains", "starts",
	"matches", "one_of", "empty", "before", "after", "within_last", "within_next" } do
	words[word] = function(...)
		return build { kind = "matcher", test = tests[word](...) }
	end
end

local function named(word, kind)
	words[word] = function(name, ...)
		no_more(word, ...)
		if math.tointeger(name) then name = tostring(name) end
		want(word, "a name in quotes", name, type(name) == "string" and name ~= "")
		return build { kind = kind, op = word, name = name }
	end
end
named("segment", "condition")
named("campaign", "campaign")
named("scenario", "scenario")

words.known = function(...)
	no_more("known", ...)
	return build { kind = "condition", op = "known" }
end
words.everyone = function(...)
	no_more("everyone", ...)
	return build { kind = "condition", op = "everyone" }
end
for _, word in ipairs { "reachable", "consent" } do
	words[word] = function(channel, ...)
		no_more(word, ...)
		want(word, '"email", "sms", "viber", "push" or "chatbot"', channel,
			list.contains({ "email", "sms", "viber", "push", "chatbot" }, channel))
		return build { kind = "condition", op = word, channel = channel }
	end
end
words.near = function(lat, lon, km, ...)
	no_more("near", ...)
	want("near", "a latitude from -90 to 90", lat, finite(lat) and lat >= -90 and lat <= 90)
	want("near", "a longitude from -180 to 180", lon, finite(lon) and lon >= -180 and lon <= 180)
	want("near", "a distance in kilometres", km, finite(km) and km > 0)
	return build { kind = "condition", op = "near", lat = lat, lon = lon, km = km }
end
words.share = function(percent, salt, ...)
	no_more("share", ...)
	want("share", "a percentage from 0 to 100", percent, finite(percent) and percent >= 0 and percent <= 100)
	if salt ~= nil then want_text("share", salt) end
	return build { kind = "condition", op = "share", percent = percent, salt = salt or "" }
end
words.where = function(what, ...)
	no_more("where", ...)
	if type(what) == "string" then
		local wrong = check(what)
		if wrong then fail("where [[…]]: " .. wrong) end
		return build { kind = "condition", op = "where", text = what }
	end
	want("where", "a function (p) … end or a text with an expression", what, type(what) == "function")
	local first, last, name = span(what)
	if not first then fail("where expects a function written in this rule") end
	local changing = seal(what)
	if changing then
		fail("where: the function uses \"" .. changing .. "\" from outside, which is no constant (a number, text or boolean)")
	end
	return build { kind = "condition", op = "where", fn = keep(what), first = first, last = last, param = name or "" }
end

-- The end -----------------------------------------------------------------------------------------

local function begin()
	records, made, building = {}, {}, true
end

local function mark(proxy)
	local record = records[proxy]
	if record.reached then return end
	record.reached = true
	if record.from then mark(record.from) end
	for _, used in ipairs(record.uses or {}) do mark(used) end
end

-- How many conditions the tree has when each is written out: a shared one counts as often as it is used.
local function size(proxy)
	local record = records[proxy]
	if not record.size then
		local n = 1
		for _, item in ipairs(record.items or {}) do n = n + size(item) end
		record.size = n
		if n > MOST_NODES then fail("a rule of more than " .. MOST_NODES .. " conditions", record.line) end
	end
	return record.size
end

local function plain_event(record)
	return {
		op = "event", line = record.line, type = record.type, filters = record.filters, windows = record.windows,
		aggregate = record.aggregate, prop = record.prop, test = record.test,
	}
end

local function plain(record)
	local out = {}
	if record.op == "event" then return plain_event(record) end
	for _, key in ipairs { "op", "line", "name", "test", "channel", "lat", "lon", "km", "percent", "salt", "text",
		"fn", "first", "last", "param", "state" } do
		out[key] = record[key]
	end
	if record.items then
		out.items = {}
		for i, item in ipairs(record.items) do out.items[i] = records[item].place end
	end
	if record.steps then
		out.steps = {}
		for i, step in ipairs(record.steps) do
			out.steps[i] = { event = plain_event(records[step.event]), within = step.within }
		end
	end
	return out
end

-- What was built and is not part of what is given back.
local function check_used()
	local inside = {}
	for _, proxy in ipairs(made) do
		local record = records[proxy]
		if record.from then inside[record.from] = true end
		for _, used in ipairs(record.uses or {}) do inside[used] = true end
	end
	for _, proxy in ipairs(made) do
		local record = records[proxy]
		if not record.reached and not inside[proxy] then
			fail("this " .. record.kind .. " is built and not used: join conditions with & | ~ (not and, or, not)," ..
				" and return what you built", record.line)
		end
	end
end

local function finish(...)
	building = false
	local n, result = select("#", ...), (...)
	if n == 0 or (n == 1 and result == nil) then
		fail("a rule gives back its condition: begin it with return", #made > 0 and records[made[1]].line or 1)
	end
	if n > 1 then fail("a rule gives back one condition: join several with & or |", 1) end
	if not records[result] then
		local hint = #made > 0 and ": join conditions with & | ~, not with and, or, not, ==" or ""
		fail("a rule gives back a condition, this one gives " .. said(result) .. hint,
			#made > 0 and records[made[1]].line or 1)
	end
	local root = records[result]
	if alone[root.kind] then fail(alone[root.kind], root.line) end
	mark(result)
	check_used()
	size(result)
	local nodes = {}
	for _, proxy in ipairs(made) do
		local record = records[proxy]
		-- only whole conditions go over; what was built on the way to them is inside them
		if record.reached and record.op then
			nodes[#nodes + 1] = record
			record.place = #nodes
		end
	end
	local out = {}
	for i, record in ipairs(nodes) do out[i] = plain(record) end
	records, made = {}, {}
	return { nodes = out, root = root.place }
end

-- Writing -----------------------------------------------------------------------------------------

local function quoted(v)
	if type(v) == "number" then
		local short = text.format("%.15g", v)
		return tonumber(short) == v and short or text.format("%.17g", v)
	end
	if type(v) ~= "string" then return tostring(v) end
	v = text.replace(text.replace(v, "\\", "\\\\"), '"', '\\"')
	v = text.replace(text.replace(v, "\n", "\\n"), "\r", "\\r")
	return '"' .. v .. '"'
end

local function dotted(word, name)
	return word .. (text.matches(name, "^[A-Za-z_][A-Za-z0-9_]*\\z") and "." .. name or "[" .. quoted(name) .. "]")
end

local function written_test(test)
	if test.word == "one_of" then return "one_of{" .. list.join(list.map(test.args, quoted), ", ") .. "}" end
	return test.word .. "(" .. list.join(list.map(test.args, quoted), ", ") .. ")"
end

local function written_event(record)
	local out = dotted("event", record.type)
	for _, filter in ipairs(record.filters) do
		local test = filter.test
		out = out .. ":where{[" .. quoted(filter.prop) .. "] = " ..
			(test.word == "is" and quoted(test.args[1]) or written_test(test)) .. "}"
	end
	for _, window in ipairs(record.windows) do
		out = out .. (window.within and ":within(" .. quoted(window.within) .. ")" or
			":between(" .. quoted(window.from) .. ", " .. quoted(window.to) .. ")")
	end
	if record.aggregate then
		out = out .. ":" .. record.aggregate .. "(" .. (record.prop and quoted(record.prop) or "") .. ")"
	end
	return record.test and out .. ":" .. written_test(record.test) or out
end

local written -- a condition as text that stands alone: what was a local is its value

local function written_leaf(record)
	local op = record.op
	if op == "field" then return dotted("field", record.name) .. ":" .. written_test(record.test) end
	if op == "event" then return written_event(record) end
	if op == "sequence" then
		local out = written_event(records[record.steps[1].event])
		for i = 2, #record.steps do
			local step = record.steps[i]
			out = out .. ":then_(" .. written_event(records[step.event]) ..
				(step.within and ", " .. quoted(step.within) or "") .. ")"
		end
		return out
	end
	if op == "reachable" then return "reachable(" .. quoted(record.channel) .. ")" end
	if op == "near" then
		return "near(" .. list.join(list.map({ record.lat, record.lon, record.km }, quoted), ", ") .. ")"
	end
	if op == "share" then return "share(" .. quoted(record.percent) .. ", " .. quoted(record.salt) .. ")" end
	if op == "where" then
		if not record.text then fail("where(function …) cannot stand here: write where [[ expression ]]", record.line) end
		return "where(" .. quoted(record.text) .. ")"
	end
	if record.name then
		return op .. "(" .. quoted(record.name) .. ")" .. (record.state and ":" .. record.state .. "()" or "")
	end
	return op .. "()"
end

written = function(proxy)
	local record = records[proxy]
	if record.op == "not" then return "~(" .. written(record.items[1]) .. ")" end
	if record.items then
		return "(" .. written(record.items[1]) .. (record.op == "and" and " & " or " | ") .. written(record.items[2]) .. ")"
	end
	return written_leaf(record)
end

-- For preludes that stand on this one (scenario.lua).
local inside = {
	record = function(proxy) return records[proxy] end,
	condition = condition,
	written = function(proxy)
		size(proxy)
		return written(proxy)
	end,
	mark = mark,
	check_used = function()
		building = false
		check_used()
	end,
	said = said,
}

local function missing(_, name)
	local near = type(name) == "string" and nearest(name, words)
	if near and #near > 2 and #name > 2 then
		fail("there is no word " .. name .. ", did you mean " .. near .. "? Fields are field." .. name ..
			", texts stand in quotes")
	end
	fail("there is no word " .. tostring(name) .. ": fields are field." .. tostring(name) .. ", texts stand in quotes")
end

return { words = words, begin = begin, finish = finish, missing = missing, inside = inside }
