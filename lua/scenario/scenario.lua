-- The words of scenarios. Trusted: runs before the stranger's text and stands on the words of rules
-- (lua/segment/rule.lua).
-- The text builds steps once; finish() hands them over as a flat list, src/scenario/compile.c makes the tree of it.
-- luacheck: read globals check fail keep line list rawequal seal setmetatable span text beneath

local rule = beneath.inside

local steps, made -- proxy → record; in the order they were built
local locked = {}
local branching = {}

local MOST_STEPS = 500
local UNITS = { s = 1, m = 60, h = 3600, d = 86400, w = 604800 }
local DAYS = { mon = 1, tue = 2, wed = 3, thu = 4, fri = 5, sat = 6, sun = 7 }

local function said(v)
	return steps[v] and "a step" or rule.said(v)
end

-- "15m", "1h", "90d" in microseconds
local function duration(word, v)
	local n, unit
	if type(v) == "string" then n, unit = text.match(v, "^([0-9]{1,7})([smhdw])$") end
	local seconds = n and tonumber(n) * UNITS[unit]
	if not seconds or seconds == 0 or seconds > 36500 * 86400 then
		fail(word .. ' expects a duration such as "15m", "1h" or "2d", got ' .. said(v))
	end
	return seconds * 1000000
end

local function name(word, v)
	if math.tointeger(v) then v = tostring(v) end
	if type(v) ~= "string" or v == "" then fail(word .. " expects a name in quotes, got " .. said(v)) end
	return v
end

local function step(record, meta)
	if #made >= MOST_STEPS then fail("a scenario of more than " .. MOST_STEPS .. " steps") end
	record.line = line()
	local proxy = setmetatable({}, meta or locked)
	steps[proxy] = record
	made[#made + 1] = proxy
	return proxy
end

local function no_more(word, ...)
	if select("#", ...) > 0 then fail(word .. " got too many arguments: " .. said((...))) end
end

-- What starts, ends or is waited for: an event with its filters, or the entry into a segment.
local function event(word, v)
	if steps[v] and steps[v].op == "segment_enter" then
		steps[v].used = true
		return { segment = steps[v].name }
	end
	local record = rule.record(v)
	if not record or record.kind ~= "event" then
		fail(word .. ' expects an event such as event.purchase or segment_enter "name", got ' .. said(v))
	end
	if #record.windows > 0 then fail(word .. ": an event that is yet to come takes no within or between", record.line) end
	rule.mark(v)
	local out = { event = record.type }
	for i, filter in ipairs(record.filters) do
		local test = filter.test
		if not list.contains({ "is", "is_not", "more", "less", "at_least", "at_most", "between", "contains", "starts",
			"one_of", "empty" }, test.word) then
			fail(word .. ": where{" .. filter.prop .. " = …} does not take " .. test.word, filter.line)
		end
		local condition = { prop = filter.prop, op = test.word, value = test.args[1], to = test.args[2] }
		if test.word == "one_of" then condition.value, condition.to = test.args, nil end
		out.where = out.where or {}
		out.where[i] = condition
	end
	return out
end

-- A list of steps; one step alone is a list of one.
local function listed(word, v)
	if v == nil then return {} end
	if steps[v] then v = { v } end
	if type(v) ~= "table" or rule.record(v) then fail(word .. " expects steps in braces, got " .. said(v)) end
	local n, out = 0, {}
	for key in pairs(v) do
		n = n + 1
		if key ~= n then
			fail(word .. ": there is no word \"" .. tostring(key) .. "\" here, or the list of steps has a hole")
		end
	end
	for i = 1, n do
		local record = steps[v[i]]
		if not record or record.op == "segment_enter" then
			fail(word .. ": step " .. i .. " is " .. said(v[i]) .. "; steps are wait, send, wait_for, when, at, finish()")
		end
		if record.waits then fail(record.op .. "(…) is followed by { yes = { … }, no = { … } }", record.line) end
		record.used = true
		out[i] = v[i]
	end
	return out
end

local function branches(self, by, ...)
	local record = steps[self]
	no_more(record.op, ...)
	if type(by) ~= "table" or steps[by] or rule.record(by) then
		fail(record.op .. "(…) is followed by { yes = { … }, no = { … } }, got " .. said(by))
	end
	for key in pairs(by) do
		if key ~= "yes" and key ~= "no" then
			fail(record.op .. ": only yes = { … } and no = { … } stand here, not " .. tostring(key))
		end
	end
	if record.branched then fail(record.op .. " has its branches already") end
	record.yes, record.no = listed("yes", by.yes), listed("no", by.no)
	record.waits, record.branched = nil, true
	return self
end

branching.__call = branches
for _, meta in ipairs { locked, branching } do
	meta.__index = function() fail("a step has no words: put a comma behind it") end
	meta.__newindex = function() fail("a step cannot be changed") end
	meta.__metatable = false
	for _, op in ipairs { "eq", "lt", "le", "add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "shl", "shr", "len",
		"band", "bor", "bnot", "bxor", "concat" } do
		meta["__" .. op] = function() fail("steps are put one after another with commas, nothing else") end
	end
end
locked.__call = function() fail("a step is not called: put a comma between two steps") end

local words = {}
for word, fn in pairs(beneath.words) do words[word] = fn end

words.wait = function(span, ...)
	no_more("wait", ...)
	return step { op = "wait", for_us = duration("wait", span) }
end

words.send = function(template, ...)
	no_more("send", ...)
	return step { op = "send", template = name("send", template) }
end

words.wait_for = function(what, span, ...)
	no_more("wait_for", ...)
	local for_us = duration("wait_for", span)
	return step({ op = "wait_for", event = event("wait_for", what), for_us = for_us, yes = {}, no = {} }, branching)
end

words.when = function(what, ...)
	no_more("when", ...)
	rule.condition(what, "when")
	rule.mark(what)
	return step({ op = "when", rule = rule.written(what), yes = {}, no = {}, waits = true }, branching)
end

words.finish = function(...)
	no_more("finish", ...)
	return step { op = "end" }
end

words.segment_enter = function(segment, ...)
	no_more("segment_enter", ...)
	return step { op = "segment_enter", name = name("segment_enter", segment) }
end

local function day(v)
	local n = type(v) == "string" and DAYS[text.lower(text.trim(v))] or math.tointeger(v)
	if not n or n < 1 or n > 7 then fail('at: a day is mon, tue, wed, thu, fri, sat or sun, got ' .. said(v)) end
	return n
end

-- "mon-fri", "mon,wed,sat", {1, 2, 3}
local function days(v)
	local on, out = {}, {}
	if v == nil then v = "mon-sun" end
	if type(v) == "string" then v = text.split(v, ",") end
	if type(v) ~= "table" then fail('at: days are "mon-fri" or "mon,wed,sat", got ' .. said(v)) end
	for _, part in ipairs(v) do
		local ends = type(part) == "string" and text.split(part, "-") or { part }
		if #ends > 2 then fail('at: days are "mon-fri" or "mon,wed,sat", got ' .. said(part)) end
		local from, to = day(ends[1]), day(ends[2] or ends[1])
		while true do -- "fri-mon" goes round the end of the week
			on[from] = true
			if from == to then break end
			from = from % 7 + 1
		end
	end
	for i = 1, 7 do
		if on[i] then out[#out + 1] = i end
	end
	if #out == 0 then fail("at: no day is left") end
	return out
end

local function clock(v, otherwise)
	if v == nil then return otherwise end
	local hour, minute
	if type(v) == "string" then hour, minute = text.match(v, "^([0-9]{1,2}):([0-9]{2})$") end
	local seconds = hour and tonumber(hour) * 3600 + tonumber(minute) * 60
	if not seconds or tonumber(minute) > 59 or seconds > 86400 then
		fail('at: a time is "10:00", got ' .. said(v))
	end
	return seconds
end

words.at = function(by, ...)
	no_more("at", ...)
	if type(by) ~= "table" or steps[by] or rule.record(by) then
		fail('at expects { days = "mon-fri", from = "10:00", to = "19:00" }, got ' .. said(by))
	end
	for key in pairs(by) do
		if key ~= "days" and key ~= "from" and key ~= "to" then
			fail("at: only days, from and to stand here, not " .. tostring(key))
		end
	end
	local from, to = clock(by.from, 0), clock(by.to, 86400)
	if from >= to then fail("at: from comes before to, on one day") end
	return step { op = "at", days = days(by.days), from_s = from, to_s = to }
end

words.scenario = function(by, ...)
	no_more("scenario", ...)
	if type(by) ~= "table" or steps[by] or rule.record(by) then
		fail("scenario expects { on = …, steps … }, got " .. said(by))
	end
	local out, rest = { op = "scenario" }, {}
	for key, v in pairs(by) do
		if math.tointeger(key) then
			rest[key] = v
		elseif key == "on" or key == "stop" then
			out[key] = event(key, v)
		elseif key == "again" then
			out.again_us = v == true and 0 or v ~= false and duration("again", v) or nil
		else
			fail("scenario: there is no word \"" .. tostring(key) .. "\"; on, stop, again and steps stand here")
		end
	end
	if not out.on then fail('a scenario begins with on = event.NAME or on = segment_enter "name"') end
	if #rest == 0 then fail("a scenario needs a step") end
	out.steps = listed("scenario", rest)
	return step(out)
end

local function begin()
	beneath.begin()
	steps, made = {}, {}
end

local function finish(...)
	local result = (...)
	local root = steps[result]
	if select("#", ...) ~= 1 or not root or root.op ~= "scenario" then
		fail("a scenario gives back itself: return scenario { … }", root and root.line or 1)
	end
	root.used = true
	for _, proxy in ipairs(made) do
		local record = steps[proxy]
		if not record.used then fail("this " .. record.op .. " is built and not used", record.line) end
	end
	rule.check_used()
	local places = {}
	for i, proxy in ipairs(made) do places[proxy] = i end
	local function placed(of)
		return of and list.map(of, function(proxy) return places[proxy] end)
	end
	local out = {}
	for i, proxy in ipairs(made) do
		local from, to = steps[proxy], {}
		for _, key in ipairs { "op", "line", "for_us", "template", "event", "rule", "days", "from_s", "to_s", "on", "stop",
			"again_us" } do
			to[key] = from[key]
		end
		to.yes, to.no, to.steps = placed(from.yes), placed(from.no), placed(from.steps)
		out[i] = to
	end
	return { nodes = out, root = places[result] }
end

return { words = words, begin = begin, finish = finish, missing = beneath.missing }
