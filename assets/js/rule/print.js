// Writes one condition from its values (leaf.js) the way our documents write it.
const keywords = ["and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
	"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while"];

export function quoted(v) {
	if (typeof v !== "string")
		return String(v);
	// eslint-disable-next-line no-control-regex
	const inner = v.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")
		.replace(/[\0-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
	return `"${inner}"`;
}

const plain = (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywords.includes(name);
const member = (word, name) => word + (plain(name) ? `.${name}` : `[${quoted(name)}]`);
const key = (name) => (plain(name) ? name : `[${quoted(name)}]`);

function call(word, args) {
	if (args.length === 1 && typeof args[0] === "string")
		return `${word} ${quoted(args[0])}`;
	return `${word}(${args.map(quoted).join(", ")})`;
}

function test({ word, args }) {
	return word === "one_of" ? `one_of { ${args.map(quoted).join(", ")} }` : call(word, args);
}

/* Inside where { }: a text alone means "is", and a matcher wants its parentheses only for numbers. */
function filter({ prop, test: t }) {
	return `${key(prop)} = ${t.word === "is" ? quoted(t.args[0]) : test(t)}`;
}

/* Two filters of one property stand in two tables: one table has a name once. */
function filters(list) {
	const tables = [];
	for (const f of list) {
		const table = tables.find((t) => !t.some((x) => x.prop === f.prop));
		if (table)
			table.push(f);
		else
			tables.push([f]);
	}
	return tables.map((t) => `:where { ${t.map(filter).join(", ")} }`).join("");
}

function event(e) {
	let out = member("event", e.name) + filters(e.filters);
	for (const w of e.windows)
		out += w.within !== undefined ? `:within ${quoted(w.within)}` : `:between(${quoted(w.from)}, ${quoted(w.till)})`;
	if (e.sum)
		out += `:${e.prop ? call(e.sum, [e.prop]) : `${e.sum}()`}`;
	return e.test ? `${out}:${test(e.test)}` : out;
}

function sequence({ steps }) {
	return steps.map((s, i) => (i === 0 ? event(s.event)
		: `:then_(${event(s.event)}${s.within ? `, ${quoted(s.within)}` : ""})`)).join("");
}

function expression(text) {
	for (let level = 0; ; level++) {
		const sign = "=".repeat(level);
		if (!text.includes(`]${sign}]`) && !text.endsWith(`]${sign}`) && !text.startsWith("\n"))
			return `where [${sign}[${text}]${sign}]`;
		if (text.startsWith("\n"))
			return `where ${quoted(text)}`;
	}
}

export function print(is) {
	switch (is.kind) {
	case "field": return `${member("field", is.name)}:${test(is.test)}`;
	case "event": return event(is);
	case "sequence": return sequence(is);
	case "known": case "everyone": return `${is.kind}()`;
	case "reachable": case "consent": return call(is.kind, [is.channel]);
	case "share": return is.salt ? `share(${is.percent}, ${quoted(is.salt)})` : `share(${is.percent})`;
	case "near": return `near(${is.lat}, ${is.lon}, ${is.km})`;
	case "segment": return call("segment", [is.name]);
	case "campaign": case "scenario":
		return call(is.kind, [is.name]) + (is.state ? `:${is.state}()` : "");
	case "where": return expression(is.text);
	default: return is.text;
	}
}
