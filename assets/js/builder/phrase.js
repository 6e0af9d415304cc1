// A condition as people read it: a list of [part, words], part "f" what it is about, "o" how, "v" with what.
//
//	phrase(is, not, words)	[["f", "Город"], ["o", "равно"], ["v", "Минск"]]
//	plain(is, not, words)	the same as one line
const datesOf = ["before", "after", "between"];

function number(test, words, times) {
	const [a, b] = test.args;
	const n = (v, key) => (times ? words.say(key, { n: words.value(v) }, v) : words.value(v));
	switch (test.word) {
	case "is": return n(a, "times");
	case "at_least": return words.say("at_least", { v: n(a, "times") });
	case "more": case "less": case "at_most": return words.say(test.word, { v: n(a, "times_of") });
	case "is_not": return words.say("is_not", { v: n(a, "times") });
	case "between": return words.say("between", { a: words.value(a), b: n(b, "times_of") });
	default: return null;
	}
}

/* Parts of a test: [how, with what]. */
function tested(test, not, words, list) {
	const { word, args } = test;
	const tail = not ? "_no" : "";
	const says = (w) => ["o", words.say(`op_${w}${tail}`)];
	if (["within_last", "within_next", "anniversary", "changed"].includes(word))
		return [says(word), ["v", words.span(args[0])]];
	if (word === "empty")
		return [says(word)];
	if (word === "between") {
		const dates = typeof args[0] === "string";
		const [a, b] = args.map((v) => (dates ? words.date(v) : words.value(v)));
		return [...(not ? [["o", words.say("not")]] : []), ["v", words.say(dates ? "from_till" : "between", { a, b })]];
	}
	const shown = args.map((v) => (datesOf.includes(word) ? words.date(v) : words.value(v)));
	return [says(list && word === "is" ? "has" : word), ["v", shown.map((v) => (v === "" ? "“”" : v)).join(", ")]];
}

function line(parts) {
	return parts.map((p) => p[1]).filter(Boolean).join(" ");
}

/* Events of ours name a campaign, segment or scenario by its number. */
function pointed(f, words) {
	const found = ["campaign", "segment", "scenario"].includes(f.prop) && f.test.word === "is" && words.named(`${f.prop}s`, f.test.args[0]);
	return found ? `${words.say(f.prop === "segment" ? "in_segment" : f.prop)} ${found.name}` : null;
}

function filtered(e, words) {
	return e.filters.map((f) => pointed(f, words) || `${f.prop} ${line(tested(f.test, false, words))}`).join(", ");
}

function windowed(e, words) {
	return e.windows.map((w) => (w.within !== undefined ? words.say("within", { v: words.span(w.within) })
		: words.say("from_till", { a: words.date(w.from), b: words.date(w.till) }))).join(", ");
}

function summed(e, words) {
	const instant = (e.sum === "first" || e.sum === "last") && !e.prop;
	if (e.sum === "count")
		return [];
	const key = `sum_${e.sum}${(e.sum === "first" || e.sum === "last") && e.prop ? "_of" : ""}`;
	return [["o", instant ? words.say(key) : `${words.say(key)} ${e.prop}`]];
}

function eventParts(e, not, words) {
	const filters = filtered(e, words);
	const about = [["f", words.label("events", e.name)], ...(filters ? [["o", filters]] : [])];
	const window = windowed(e, words);
	if (!e.sum) {
		if (window)
			return [...about, ...(not ? [["o", words.say("did_not")]] : []), ["v", window]];
		return [...about, ["v", words.say(not ? "did_not" : "f_any")]];
	}
	const no = not ? [["o", words.say("not")]] : [];
	const when = window ? [["o", window]] : [];
	const short = ["count", "sum", "avg", "min", "max"].includes(e.sum) ? number(e.test, words, e.sum === "count") : null;
	const sums = summed(e, words);
	if (short !== null)
		return [...about, ...when, ...sums, ...no, ["v", short]];
	return [...about, ...when, ...(e.sum === "count" ? [["o", words.say("sum_count")]] : sums), ...tested(e.test, not, words)];
}

function sequenceParts({ steps }, not, words) {
	const parts = not ? [["o", words.say("did_not")]] : [];
	steps.forEach((s, i) => {
		const e = s.event;
		const more = [filtered(e, words), windowed(e, words)].filter(Boolean).join(", ");
		if (i > 0)
			parts.push(["o", words.say("then")]);
		parts.push(["f", words.label("events", e.name)]);
		if (more)
			parts.push(["o", more]);
		if (s.within)
			parts.push(["v", words.say("in_time", { v: words.span(s.within) })]);
	});
	return parts;
}

export function phrase(is, not, words) {
	const tail = not ? "_no" : "";
	switch (is.kind) {
	case "field": {
		const field = words.find("fields", is.name);
		const list = !!field && ["list", "multichoice"].includes(field.type);
		return [["f", words.label("fields", is.name)], ...tested(is.test, not, words, list)];
	}
	case "event": return eventParts(is, not, words);
	case "sequence": return sequenceParts(is, not, words);
	case "known": case "everyone": return [["f", words.say(is.kind + tail)]];
	case "reachable": case "consent": return [["f", words.say(is.kind + tail)], ["v", words.label("channels", is.channel)]];
	case "share": return [["f", words.say(`share${tail}`)], ["v", words.say("share_of", { v: words.number(is.percent) })], ...(is.salt ? [["o", is.salt]] : [])];
	case "near": return [["f", words.say(`near${tail}`)], ["o", `${is.lat}, ${is.lon}`], ["v", words.say("near_km", { v: words.number(is.km) })]];
	case "segment": {
		const found = words.named("segments", is.name);
		return [["f", words.say(`in_segment${tail}`)], ["v", found ? found.name : is.name]];
	}
	case "campaign": case "scenario": {
		const found = words.named(`${is.kind}s`, is.name);
		return [["f", words.say(is.kind)], ["v", found ? found.name : is.name], ["o", words.say(`st_${is.state || is.kind}${tail}`)]];
	}
	case "where": return [["f", words.say(`where${tail}`)], ["m", is.text.trim()]];
	default: return [["f", words.say(`lua${tail}`)], ["m", is.text]];
	}
}

export const plain = (is, not, words) => line(phrase(is, not, words));

/* A block as one line: a group is its first conditions. */
export function title(block, words) {
	if (block.is)
		return plain(block.is, block.not, words);
	const list = block.items.map((b) => title(b, words));
	const shown = list.slice(0, 2).join(words.say(block.group === "all" ? "and" : "or").replace(/^|$/g, " "));
	const more = list.length > 2 ? " …" : "";
	return (block.group === "none" ? `${words.say("none")}: ` : "") + shown + more;
}

/* A name the company does not have: a field that is not there, a segment that was never made. */
export function unknown(is, words) {
	if (is.kind === "field")
		return !words.find("fields", is.name);
	if (["segment", "campaign", "scenario"].includes(is.kind))
		return !words.named(`${is.kind}s`, is.name);
	return false;
}
