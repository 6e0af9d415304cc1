// One condition of a rule as values a form can hold; lua/segment/rule.lua says what the words mean.
//
//	{kind: "field", name, test}			test: {word, args}; args are texts, numbers, booleans
//	{kind: "event", name, filters, windows, sum, prop, test}
//		filters: [{prop, test}]; windows: [{within} | {from, till}];
//		sum: "" | count | sum | avg | min | max | most | first | last; test null without one
//	{kind: "sequence", steps: [{event, within}]}	event as above, without sum; within "" when there is none
//	{kind: "known"|"everyone"}
//	{kind: "reachable"|"consent", channel}  {kind: "share", percent, salt}  {kind: "near", lat, lon, km}
//	{kind: "segment", name}  {kind: "campaign"|"scenario", name, state}
//	{kind: "where", text}				an expression over the profile's fields
//	{kind: "lua", text}				anything else, as it is written
import { Odd } from "./lex.js";

export const valueWords = ["is", "is_not", "contains", "starts", "matches", "one_of", "more", "less", "at_least",
	"at_most", "between", "empty", "before", "after", "within_last", "within_next", "anniversary"];
const numberWords = ["is", "is_not", "one_of", "more", "less", "at_least", "at_most", "between", "empty"];
const instantWords = ["before", "after", "between", "empty", "within_last", "within_next", "anniversary"];
const filterWords = valueWords.filter((w) => w !== "anniversary");
const sums = { count: "number", sum: "number", avg: "number", min: "number", max: "number", most: "value" };
const states = { campaign: ["received", "opened", "clicked", "bounced", "unsubscribed"], scenario: ["entered", "finished", "running"] };
const tighter = ["+", "-", "*", "/", "//", "%", "^", "#", "..", "<<", ">>", ".", ":"];
const looser = ["and", "or", "not", "==", "~=", "<", ">", "<=", ">=", "=", ",", "~", "..."];
const opens = ["function", "if", "do", "repeat"];
const closes = ["end", "until"];

/* What is not a condition of ours: then it may still be an expression, see opaque(). */
class Strange extends Odd {}

class Reader {
	constructor(text, tokens, at) {
		Object.assign(this, { text, tokens, at });
	}

	get now() {
		return this.tokens[this.at];
	}

	is(v) {
		return (this.now.t === "sign" || this.now.t === "name") && this.now.v === v;
	}

	has(v) {
		if (!this.is(v))
			return false;
		this.at++;
		return true;
	}

	take(v) {
		if (!this.has(v))
			throw new Strange(v);
	}

	name() {
		if (this.now.t !== "name")
			throw new Strange("a name");
		return this.tokens[this.at++].v;
	}

	/* .NAME or ["имя"] */
	member() {
		if (this.has("."))
			return this.name();
		this.take("[");
		const v = this.scalar();
		this.take("]");
		if (typeof v !== "string" || v === "")
			throw new Strange("a name");
		return v;
	}

	scalar() {
		const minus = this.has("-");
		const { t, v } = this.now;
		if (t === "number" && Number.isFinite(v)) {
			this.at++;
			return minus ? -v : v;
		}
		if (!minus && (t === "text" || (t === "name" && (v === "true" || v === "false")))) {
			this.at++;
			return t === "text" ? v : v === "true";
		}
		throw new Strange("a value");
	}

	/* What is called with: values, or one list. */
	args() {
		if (this.now.t === "text")
			return [this.scalar()];
		if (this.is("{"))
			return this.list();
		this.take("(");
		if (this.is("{")) {
			const list = this.list();
			this.take(")");
			return list;
		}
		const args = [];
		while (!this.has(")")) {
			args.push(this.scalar());
			if (!this.is(")"))
				this.take(",");
		}
		return args;
	}

	list() {
		const list = [];
		this.take("{");
		while (!this.has("}")) {
			list.push(this.scalar());
			if (!this.has(",") && !this.has(";") && !this.is("}"))
				throw new Strange("a list");
		}
		list.isList = true;
		return list;
	}

	test(word) {
		const args = this.args();
		const n = { between: 2, empty: 0 }[word] ?? 1;
		if (word === "one_of" ? !args.isList || !args.length : args.isList || args.length !== n)
			throw new Strange(word);
		return { word, args: [...args] };
	}

	filter() {
		if (this.now.t === "name" && filterWords.includes(this.now.v))
			return this.test(this.name());
		return { word: "is", args: [this.scalar()] };
	}

	/* where { total = at_least(100), ["имя"] = "x" } */
	filters() {
		const round = this.has("(");
		const out = [];
		this.take("{");
		while (!this.has("}")) {
			const prop = this.is("[") ? this.member() : this.name();
			this.take("=");
			out.push({ prop, test: this.filter() });
			if (!this.has(",") && !this.has(";") && !this.is("}"))
				throw new Strange("where");
		}
		if (round)
			this.take(")");
		if (!out.length)
			throw new Strange("where");
		return out;
	}

	texts(least, most) {
		const args = this.args();
		if (args.isList || args.length < least || args.length > most || args.some((a) => typeof a !== "string"))
			throw new Strange("texts");
		return args;
	}

	/* One method of what an event has become; returns what it is then. */
	method(e, now) {
		const word = this.name();
		if (word === "where") {
			e.filters.push(...this.filters());
			return now;
		}
		if (word === "within") {
			e.windows.push({ within: this.texts(1, 1)[0] });
			return now;
		}
		if (word === "between" && (now === "event" || now === "answer"))
			return this.between(e, this.texts(2, 2), now);
		if (now === "event" && word in sums) {
			e.sum = word;
			e.prop = this.texts(word === "count" ? 0 : 1, word === "count" ? 0 : 1)[0] || "";
			return sums[word];
		}
		if (now === "event" && (word === "first" || word === "last")) {
			e.sum = word;
			e.prop = this.texts(0, 1)[0] || "";
			return e.prop ? "value" : "instant";
		}
		if (now === "instant" && word === "value") {
			e.prop = this.texts(1, 1)[0];
			return "value";
		}
		const words = { number: numberWords, instant: instantWords, value: valueWords }[now] || [];
		if (!words.includes(word))
			throw new Strange(word);
		const test = this.test(word);
		if (now === "number" && word === "between" && typeof test.args[0] === "string")
			return this.between(e, test.args, now);
		e.test = test;
		return "answer";
	}

	between(e, [from, till], now) {
		e.windows.push({ from, till });
		return now;
	}

	event() {
		const e = { kind: "event", name: this.member(), filters: [], windows: [], sum: "", prop: "", test: null };
		let now = "event";
		let steps = null;
		for (;;) {
			if (now === "instant" && this.has(".")) {
				e.prop = this.name();
				now = "value";
			} else if (!this.is(":")) {
				break;
			} else if (this.tokens[this.at + 1].v === "then_" && (now === "event" || now === "sequence")) {
				steps = steps || [{ event: e, within: "" }];
				steps.push(this.then());
				now = "sequence";
			} else {
				this.take(":");
				now = this.method(e, now);
			}
		}
		return { e: steps ? { kind: "sequence", steps } : e, now };
	}

	then() {
		this.at += 2;
		this.take("(");
		this.take("event");
		const { e, now } = this.event();
		if (now !== "event")
			throw new Strange("then_");
		const within = this.has(",") ? this.scalar() : "";
		this.take(")");
		if (typeof within !== "string")
			throw new Strange("then_");
		return { event: e, within };
	}

	named(kind) {
		const args = this.args();
		const name = Number.isInteger(args[0]) ? String(args[0]) : args[0];
		if (args.isList || args.length !== 1 || typeof name !== "string" || name === "")
			throw new Strange(kind);
		if (kind === "segment")
			return { kind, name };
		let state = "";
		if (this.has(":")) {
			state = this.name();
			if (!states[kind].includes(state) || this.args().length)
				throw new Strange(state);
		}
		return { kind, name, state };
	}

	numbers(least, most) {
		const args = this.args();
		if (args.isList || args.length < least || args.length > most)
			throw new Strange("numbers");
		return args;
	}

	condition() {
		const word = this.name();
		if (word === "field") {
			const name = this.member();
			this.take(":");
			const test = this.name();
			if (!valueWords.includes(test) && test !== "changed")
				throw new Strange(test);
			return { kind: "field", name, test: this.test(test) };
		}
		if (word === "event") {
			const { e, now } = this.event();
			if (now !== "event" && now !== "answer" && now !== "sequence")
				throw new Strange("event");
			return e;
		}
		if (word === "segment" || word === "campaign" || word === "scenario")
			return this.named(word);
		if (word === "known" || word === "everyone") {
			this.texts(0, 0);
			return { kind: word };
		}
		if (word === "reachable" || word === "consent")
			return { kind: word, channel: this.texts(1, 1)[0] };
		if (word === "near") {
			const [lat, lon, km] = this.numbers(3, 3);
			if ([lat, lon, km].some((v) => typeof v !== "number"))
				throw new Strange("near");
			return { kind: word, lat, lon, km };
		}
		if (word === "share") {
			const [percent, salt = ""] = this.numbers(1, 2);
			if (typeof percent !== "number" || typeof salt !== "string")
				throw new Strange("share");
			return { kind: word, percent, salt };
		}
		if (word === "where")
			return { kind: word, text: this.texts(1, 1)[0] };
		throw new Strange(word);
	}
}

const ends = (token) => token.t === "end" || (token.t === "sign" && [";", "&", "|", ")"].includes(token.v));

const value = ({ t, v }) => t === "text" || t === "number" || (t === "name" ? !opens.includes(v) : /^[)}\]]$/.test(v));

/* Behind an expression whose words we do not know, up to the & | or ) that ends it. Signs that bind looser than & would
 * make it another tree: then the whole text is none of ours. */
function opaque(tokens, at) {
	let i = at;
	const inside = [];
	for (; tokens[i].t !== "end"; i++) {
		const { t, v } = tokens[i];
		if (t === "text" || t === "number")
			continue;
		if (!inside.length && ends(tokens[i]))
			break;
		if (!inside.length && i > at && t === "name" && value(tokens[i - 1]) && !opens.includes(v))
			throw new Odd("two expressions");
		if (v === "(" || v === "{" || v === "[" || opens.includes(v))
			inside.push(v);
		else if (v === ")" || v === "}" || v === "]" || closes.includes(v))
			inside.pop();
		else if (!inside.length && (looser.includes(v) || (t === "name" && v === "return")))
			throw new Odd("not an expression of conditions");
		else if (!inside.length && t === "sign" && !tighter.includes(v))
			throw new Odd("not an expression");
	}
	if (i === at || inside.length)
		throw new Odd("not an expression");
	return i;
}

/* The condition that begins at token number `at`: {is, next}, next the number of the token behind it. */
export function leafAt(text, tokens, at) {
	const reader = new Reader(text, tokens, at);
	try {
		const is = reader.condition();
		if (ends(reader.now))
			return { is, next: reader.at };
	} catch (e) {
		if (!(e instanceof Strange))
			throw e;
	}
	const next = opaque(tokens, at);
	return { is: { kind: "lua", text: text.slice(tokens[at].from, tokens[next - 1].to) }, next };
}
