// A rule's text as a tree of its conditions. The text is the only form of a rule that is kept; this is
// made of it anew whenever it changes.
//
//	parse(text)	{root, tokens, notes} or {odd: why} when the text is not one "return" and an
//			expression; {empty: true, notes} when there is nothing but notes.
//
// A node has its place, from and to, and is one of
//	{op: "all"|"any", items, signs}		joined by & or |; signs are the tokens between
//	{op: "not", item}			~ in front of it
//	{op: "paren", item}			parentheses round it
//	{op: "leaf", is}			one condition, as leaf.js describes it; is.kind "lua" when it is an
//						expression whose words we do not know
// & binds closer than |, ~ closer than both, as in Lua.
import { lex, Odd } from "./lex.js";
import { leafAt } from "./leaf.js";

const deepest = 100;

class Reader {
	constructor(text, tokens) {
		this.text = text;
		this.tokens = tokens;
		this.at = 0;
		this.depth = 0;
	}

	get now() {
		return this.tokens[this.at];
	}

	get last() {
		return this.tokens[this.at - 1];
	}

	is(v) {
		return (this.now.t === "sign" || this.now.t === "name") && this.now.v === v;
	}

	take(v) {
		if (!this.is(v))
			throw new Odd(`expected ${v}`);
		return this.tokens[this.at++];
	}

	chain(op, sign, part) {
		const items = [part.call(this)];
		const signs = [];
		while (this.is(sign)) {
			signs.push(this.take(sign));
			items.push(part.call(this));
		}
		if (items.length === 1)
			return items[0];
		return { op, items, signs, from: items[0].from, to: items[items.length - 1].to };
	}

	any() {
		return this.chain("any", "|", this.all);
	}

	all() {
		return this.chain("all", "&", this.one);
	}

	one() {
		if (++this.depth > deepest)
			throw new Odd("too deep");
		const node = this.is("~") ? this.not() : this.primary();
		this.depth--;
		return node;
	}

	not() {
		const { from } = this.take("~");
		const item = this.one();
		return { op: "not", item, from, to: item.to };
	}

	primary() {
		const at = this.at;
		if (this.is("(")) {
			const paren = this.paren();
			if (paren)
				return paren;
			this.at = at;
		}
		const { is, next } = leafAt(this.text, this.tokens, at);
		this.at = next;
		return { op: "leaf", is, from: this.tokens[at].from, to: this.last.to };
	}

	/* ( condition ), or null where the parentheses are a part of something else: (f)(x). */
	paren() {
		const { from } = this.take("(");
		const depth = this.depth;
		try {
			const item = this.any();
			const { to } = this.take(")");
			if (/^([&|);]|$)/.test(this.now.v) && this.now.t !== "text" && this.now.t !== "number")
				return { op: "paren", item, from, to };
		} catch (e) {
			if (!(e instanceof Odd))
				throw e;
		}
		this.depth = depth;
		return null;
	}

	rule() {
		this.take("return");
		const root = this.any();
		if (this.is(";"))
			this.take(";");
		if (this.now.t !== "end")
			throw new Odd("more than one expression");
		return root;
	}
}

export function parse(text) {
	try {
		const { tokens, notes } = lex(text);
		if (tokens.length === 1)
			return { empty: true, tokens, notes };
		return { root: new Reader(text, tokens).rule(), tokens, notes };
	} catch (e) {
		if (e instanceof Odd)
			return { odd: e.message };
		throw e;
	}
}
