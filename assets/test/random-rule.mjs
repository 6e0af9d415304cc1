// Random rules in all spellings Lua allows, with what they mean: for the tests of js/rule.
export function dice(seed) {
	let s = (seed * 2654435761 + 12345) >>> 0;
	const next = () => {
		s ^= s << 13; s >>>= 0;
		s ^= s >>> 17;
		s ^= s << 5; s >>>= 0;
		return s;
	};
	const n = (most) => next() % most;
	return { n, of: (list) => list[n(list.length)], yes: (one) => n(one) === 0 };
}

const texts = ["Минск", "a \"b\"", "line\nbreak", "tab\there", "back\\slash", "]] ]=]", "кофе & чай | ~", "-- no note", "", "😀", "it's"];
const names = ["city", "total", "любимый сорт", "end", "a b", "x_1", "и\"так"];
const numbers = [0, 1, 2.5, -3, 1e21, 1000000, 0.1];
const spans = ["30d", "1h", "15m", "2w"];
const days = ["2026-01-01", "2026-06-30"];

export function words(d) {
	const text = () => d.of(texts);
	const value = () => (d.yes(3) ? d.of(numbers) : d.yes(4) ? d.yes(2) : text());
	const test = (list) => {
		const word = d.of(list);
		const args = {
			empty: () => [], between: () => (d.yes(2) ? [d.of(numbers), d.of(numbers)] : [...days]),
			one_of: () => Array.from({ length: 1 + d.n(3) }, d.yes(2) ? text : () => d.of(numbers)),
			contains: () => [text()], starts: () => [text()], matches: () => [text()], is: () => [value()], is_not: () => [value()],
			before: () => [d.of(days)], after: () => [d.of(days)],
			within_last: () => [d.of(spans)], within_next: () => [d.of(spans)], anniversary: () => [d.of(spans)], changed: () => [d.of(spans)],
		}[word] || (() => [d.of(numbers)]);
		return { word, args: args() };
	};
	const valueWords = ["is", "is_not", "contains", "starts", "matches", "one_of", "more", "less", "at_least", "at_most",
		"between", "empty", "before", "after", "within_last", "within_next"];
	const event = (bare) => {
		const e = { kind: "event", name: d.of(["purchase", "page_view", "Order Completed", "не так"]), filters: [], windows: [], sum: "", prop: "", test: null };
		for (let i = d.n(3); i > 0; i--)
			e.filters.push({ prop: d.of(names), test: test(valueWords) });
		if (d.yes(2))
			e.windows.push(d.yes(3) ? { from: days[0], till: days[1] } : { within: d.of(spans) });
		if (bare || d.yes(3))
			return e;
		e.sum = d.of(["count", "sum", "avg", "min", "max", "most", "first", "last"]);
		e.prop = e.sum === "count" || ((e.sum === "first" || e.sum === "last") && d.yes(2)) ? "" : d.of(names);
		const instant = (e.sum === "first" || e.sum === "last") && !e.prop;
		const number = ["count", "sum", "avg", "min", "max"].includes(e.sum);
		e.test = test(instant ? ["before", "after", "empty", "within_last", "between"]
			: number ? ["is", "is_not", "one_of", "more", "less", "at_least", "at_most", "between", "empty"] : valueWords);
		if (number && e.test.word === "between")
			e.test.args = [1, 5];
		if (instant && e.test.word === "between")
			e.test.args = [...days];
		return e;
	};
	return [
		() => ({ kind: "field", name: d.of(names), test: test([...valueWords, "anniversary", "changed"]) }),
		() => event(false),
		() => event(false),
		() => ({ kind: "sequence", steps: [{ event: event(true), within: "" }, ...Array.from({ length: 1 + d.n(2) }, () => ({ event: event(true), within: d.yes(3) ? "" : d.of(spans) }))] }),
		() => ({ kind: "known" }),
		() => ({ kind: "reachable", channel: d.of(["email", "sms"]) }),
		() => ({ kind: "consent", channel: "viber" }),
		() => ({ kind: "share", percent: d.of([10, 2.5]), salt: d.yes(2) ? "" : text() }),
		() => ({ kind: "near", lat: 53.9, lon: -27.5, km: 30 }),
		() => ({ kind: "segment", name: d.of(["Постоянные", "a \"b\""]) }),
		() => ({ kind: "campaign", name: "Новый урожай", state: d.of(["received", "opened", "clicked", "bounced", "unsubscribed", ""]) }),
		() => ({ kind: "scenario", name: "Знакомство", state: d.of(["entered", "finished", "running", ""]) }),
		() => ({ kind: "where", text: d.of([" bonus and bonus > 500 ", "a[b[1]] == 2", "\nx", "x]"]) }),
		() => ({ kind: "lua", text: d.of(["where(function (p) if p.a then return true end return p.b ~= nil & 1 end)", "foo(1 & 2, \"|\")", "x.y[1] + 2"]) }),
	];
}

/* The same things as a careless hand writes them. */
export class Hand {
	constructor(d) {
		this.d = d;
		this.notes = 0;
	}

	space(must) {
		const { d } = this;
		if (d.yes(6))
			return ` --${d.of([" note ", " & | ~ ( \" "])}${++this.notes}\n  `;
		if (d.yes(12))
			return ` --[=[ long\n & ]] ${++this.notes}]=] `;
		return d.of([must ? " " : "", " ", " ", "\n     ", "\t"]);
	}

	text(v) {
		const { d } = this;
		if (typeof v !== "string")
			return d.yes(6) && Number.isInteger(v) && v >= 0 && v < 1e6 ? `0x${v.toString(16)}` : String(v);
		const simple = v.replace(/[\\"\n\t]/g, (c) => ({ "\\": "\\\\", '"': '\\"', "\n": d.yes(2) ? "\\n" : "\\\n", "\t": "\\9" })[c]);
		const single = v.replace(/[\\'\n]/g, (c) => ({ "\\": "\\092", "'": "\\'", "\n": "\\x0A" })[c]);
		const escaped = [...v].map((c) => `\\u{${c.codePointAt(0).toString(16)}}`).join("");
		const long = v.includes("]==") || v.startsWith("\n") ? null : `[==[${v}]==]`;
		return d.of([`"${simple}"`, `"${simple}"`, `'${single}'`, `"${escaped}"`, long || `"${simple}"`]);
	}

	member(word, name) {
		const plain = /^[a-z_]\w*$/i.test(name) && name !== "end";
		return plain && !this.d.yes(4) ? `${word}.${name}` : `${word}[${this.space()}${this.text(name).replace(/^\[/, " [")} ]`;
	}

	call(word, args) {
		const { d } = this;
		if (args.length === 1 && typeof args[0] === "string" && d.yes(2))
			return `${word}${this.space()}${this.text(args[0])}`;
		return `${word}${this.space()}(${args.map((a) => this.space() + this.text(a)).join(",")}${this.space()})`;
	}

	test({ word, args }) {
		if (word !== "one_of")
			return this.call(word, args);
		const list = `{${args.map((a) => this.space() + this.text(a).replace(/^\[/, " [")).join(this.d.of([",", ";"]))}${this.d.of(["", ",", " "])}}`;
		return this.d.yes(2) ? `one_of${this.space()}${list}` : `one_of(${list})`;
	}

	event(e) {
		const { d } = this;
		let out = this.member("event", e.name);
		const dot = () => `${this.space()}:${d.yes(5) ? " " : ""}`;
		for (const f of e.filters) {
			const key = /^[a-z_]\w*$/i.test(f.prop) && f.prop !== "end" ? f.prop : `[ ${this.text(f.prop)} ]`;
			const by = `{ ${key} =${this.space(true)}${f.test.word === "is" && d.yes(2) ? this.text(f.test.args[0]) : this.test(f.test)} }`;
			out += `${dot()}where${d.yes(3) ? `(${by})` : ` ${by}`}`;
		}
		for (const w of e.windows)
			out += dot() + (w.within ? this.call("within", [w.within]) : this.call("between", [w.from, w.till]));
		if (e.sum === "last" && /^[a-z_]\w*$/i.test(e.prop) && e.prop !== "end" && d.yes(2))
			out += `${dot()}last().${e.prop}`;
		else if (e.sum)
			out += dot() + this.call(e.sum, e.prop ? [e.prop] : []);
		return e.test ? out + dot() + this.test(e.test) : out;
	}

	leaf(is) {
		if (is.kind === "field")
			return `${this.member("field", is.name)}${this.space()}:${this.test(is.test)}`;
		if (is.kind === "event")
			return this.event(is);
		if (is.kind === "sequence")
			return is.steps.map((s, i) => (i ? `:then_(${this.event(s.event)}${s.within ? `,${this.text(s.within)}` : ""})` : this.event(s.event))).join("");
		const args = { reachable: ["channel"], consent: ["channel"], share: is.salt ? ["percent", "salt"] : ["percent"], near: ["lat", "lon", "km"],
			segment: ["name"], campaign: ["name"], scenario: ["name"], where: ["text"] }[is.kind] || [];
		if (is.kind === "lua")
			return is.text;
		return this.call(is.kind, args.map((a) => is[a])) + (is.state ? `:${is.state}()` : "");
	}

	/* strength: 0 for |, 1 for &, 2 behind ~ */
	tree(node, strength = 0) {
		const { d } = this;
		if (node.leaf)
			return d.yes(12) ? `(${this.space()}${this.leaf(node.leaf)} )` : this.leaf(node.leaf);
		if (node.not) {
			const inner = this.tree(node.not, 2);
			return `~${this.space()}${inner}`;
		}
		const sign = node.all ? "&" : "|";
		const mine = node.all ? 1 : 0;
		const list = (node.all || node.any).map((x) => this.tree(x, mine + (node.all ? 1 : 0.5)));
		const out = list.reduce((a, b) => `${a}${this.space(true)}${sign}${this.space()} ${b}`);
		const need = strength > mine;
		return need || d.yes(6) ? `(${this.space()}${out}${this.space(true)})` : out;
	}

	rule(node) {
		return `${this.d.yes(3) ? `-- top ${++this.notes}\n` : ""}return ${this.space()}${this.tree(node)}${this.space(true)}${this.d.yes(6) ? ";" : ""}\n`;
	}
}

export function randomTree(d, depth) {
	if (depth > 0 && d.n(10) < 7) {
		const kind = d.of(["all", "any", "not"]);
		if (kind === "not")
			return { not: randomTree(d, depth - 1) };
		return { [kind]: Array.from({ length: 2 + d.n(3) }, () => randomTree(d, depth - 1)) };
	}
	return { leaf: d.of(words(d))() };
}
