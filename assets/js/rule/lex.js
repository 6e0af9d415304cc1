// The tokens of a Lua text, with their places in it (UTF-16 units, as JavaScript and CodeMirror count).
//
//	lex(text)	{tokens: [{t: "name"|"text"|"number"|"sign"|"end", from, to, v}], notes: [{from, to}]};
//			the last token is "end". notes are the comments. Throws Odd where it is not Lua.

export class Odd extends Error {}

const escapes = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92, '"': 34, "'": 39, "\n": 10 };
const signs = ["...", "<<", ">>", "//", "==", "~=", "<=", ">=", "::", ".."];
const number = /^(0[xX]([0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)([pP][+-]?\d+)?|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)/;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/* Where [[ … ]] or [=[ … ]=] that begins at `at` ends and what stands inside, or null. */
function long(text, at) {
	const open = /^\[(=*)\[\n?/.exec(text.slice(at, at + 200));
	if (!open)
		return null;
	const close = text.indexOf("]" + open[1] + "]", at + open[0].length);
	if (close < 0)
		throw new Odd("a long text without its end");
	return { to: close + open[1].length + 2, v: text.slice(at + open[0].length, close) };
}

/* One escape behind a backslash: its bytes into out, returns where it ends. */
function escape(text, at, out) {
	const c = text[at];
	if (c in escapes) {
		out.push(escapes[c]);
		return at + 1;
	}
	const hex = /^x([0-9a-fA-F]{2})/.exec(text.slice(at, at + 3));
	const unicode = /^u\{([0-9a-fA-F]{1,6})\}/.exec(text.slice(at, at + 10));
	const decimal = /^\d{1,3}/.exec(text.slice(at, at + 3));
	if (hex)
		out.push(parseInt(hex[1], 16));
	else if (unicode && parseInt(unicode[1], 16) <= 0x10FFFF)
		out.push(...encoder.encode(String.fromCodePoint(parseInt(unicode[1], 16))));
	else if (decimal && Number(decimal[0]) < 256)
		out.push(Number(decimal[0]));
	else if (c === "z")
		return at + /^z\s*/.exec(text.slice(at))[0].length;
	else
		throw new Odd("an escape that is none");
	return at + (hex || unicode || decimal)[0].length;
}

function short(text, at) {
	const quote = text[at];
	const out = [];
	let i = at + 1;
	while (text[i] !== quote) {
		if (i >= text.length || text[i] === "\n")
			throw new Odd("a text without its end");
		if (text[i] === "\\") {
			i = escape(text, i + 1, out);
			continue;
		}
		const c = String.fromCodePoint(text.codePointAt(i));
		out.push(...encoder.encode(c));
		i += c.length;
	}
	try {
		return { to: i + 1, v: decoder.decode(new Uint8Array(out)) };
	} catch (e) {
		throw new Odd("a text that is not UTF-8");
	}
}

function numberAt(text, at) {
	const m = number.exec(text.slice(at, at + 400));
	if (!m || /^[\w.]/.test(text.slice(at + m[0].length)))
		throw new Odd("a number that is none");
	const hex = /^0x/i.test(m[0]);
	if (hex && /[.pP]/.test(m[0]))
		return { to: at + m[0].length, v: NaN };
	return { to: at + m[0].length, v: Number(m[0]) };
}

function signAt(text, at) {
	const sign = signs.find((s) => text.startsWith(s, at)) || text[at];
	if (!/^[-+*/%^#&~|<>=(){}[\];:,.]/.test(sign))
		throw new Odd("a sign that is none");
	return { to: at + sign.length, v: sign };
}

function noteAt(text, at) {
	const block = long(text, at + 2);
	if (block)
		return block.to;
	const end = text.indexOf("\n", at);
	return end < 0 ? text.length : end;
}

export function lex(text) {
	const tokens = [];
	const notes = [];
	let at = 0;
	for (;;) {
		at += /^[ \t\n\r\f\v]*/.exec(text.slice(at))[0].length;
		if (at >= text.length)
			break;
		if (text.startsWith("--", at)) {
			const to = noteAt(text, at);
			notes.push({ from: at, to });
			at = to;
			continue;
		}
		const c = text[at];
		const block = c === "[" ? long(text, at) : null;
		let t = "sign";
		let found;
		if (block) {
			t = "text";
			found = block;
		} else if (/[A-Za-z_]/.test(c)) {
			const v = /^\w+/.exec(text.slice(at))[0];
			t = "name";
			found = { to: at + v.length, v };
		} else if (c === '"' || c === "'") {
			t = "text";
			found = short(text, at);
		} else if (/\d/.test(c) || (c === "." && /\d/.test(text[at + 1] || ""))) {
			t = "number";
			found = numberAt(text, at);
		} else {
			found = signAt(text, at);
		}
		tokens.push({ t, from: at, to: found.to, v: found.v });
		at = found.to;
	}
	tokens.push({ t: "end", from: text.length, to: text.length, v: "" });
	return { tokens, notes };
}
