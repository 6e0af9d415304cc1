// Changes of a rule's text, block by block: only the block's own place and its joint change, so that what
// people wrote around it, comments and spacing, stays as it is. Each gives a new text; paths are those of tree.js.
//
//	insert(text, group, index, source, join)	join: "any" where the group has but one item yet
//	remove(text, path)			the last condition of all leaves everyone()
//	replace(text, path, source)
//	move(text, path, group, index)		index counts the items as they stand before
//	regroup(text, path, kind)		all, any or none
import { parse } from "./parse.js";
import { at, blocks, each, parent, place } from "./tree.js";

const word = /[A-Za-z0-9_]/;
const bare = (node) => (node.op === "paren" ? bare(node.item) : node);
/* The node whose signs join the items of a group; without signs where there is one item. */
function chain(g) {
	const node = bare(g.group === "none" ? g.node.item : g.node);
	if (!g.sure)
		return { signs: [] };
	return node.op === g.group || (g.group === "none" && node.op === "any") ? node : { signs: [] };
}
const signOf = (kind) => (kind === "all" ? "&" : "|");

/* Edits {from, to, put} in the order of their places, applied at once. */
function apply(text, edits) {
	let out = "";
	let last = 0;
	for (const e of [...edits].sort((a, b) => a.from - b.from || a.to - b.to)) {
		out += text.slice(last, e.from) + e.put;
		last = e.to;
	}
	return out + text.slice(last);
}

/* Puts text in place of from..to; what would grow together into one word is kept apart. */
function splice(text, from, to, put) {
	const joins = (a, b) => a && b && word.test(a) && word.test(b);
	const before = text[from - 1];
	const after = text[to];
	const head = joins(before, put === "" ? after : put[0]) ? " " : "";
	const tail = put !== "" && joins(put[put.length - 1], after) ? " " : "";
	return { from, to, put: head + put + tail };
}

/* A source that may stand between two signs. */
function fit(source, sign) {
	const { root } = parse(`return ${source}`);
	return root && (root.op === "any" || (root.op === "all" && sign === "&")) ? `(${source})` : source;
}

const restOfLine = (text, from) => /^[^\n]*/.exec(text.slice(from))[0];
const noteEnds = (notes, text, pos) => notes.some((n) => n.to === pos && !text.slice(n.from, n.from + 5).match(/^--\[=*\[/));

/* The white space in front of a sign when the group has its items line by line, else null. */
function indentOf(text, g) {
	const { items } = g;
	for (let i = 1; i < items.length; i++) {
		const between = text.slice(items[i - 1].to, items[i].from);
		if (!between.includes("\n"))
			continue;
		const sign = chain(g).signs[i - 1];
		const start = text.lastIndexOf("\n", sign.from - 1) + 1;
		const lead = text.slice(start, sign.from);
		return /^\s*$/.test(lead) ? lead : `${/^\s*/.exec(lead)[0]}  `;
	}
	return g.path === "" && items.length === 1 ? "     " : null;
}

function insertEdit(text, notes, g, index, source, join) {
	const sign = g.sure ? signOf(g.group) : signOf(join || "all");
	const src = fit(source, sign);
	const indent = indentOf(text, g);
	if (index <= 0) {
		const { from } = g.items[0];
		return splice(text, from, from, `${src}${indent === null ? " " : `\n${indent}`}${sign} `);
	}
	const item = g.items[Math.min(index, g.items.length) - 1];
	if (indent === null)
		return splice(text, item.to, item.to, ` ${sign} ${src}`);
	const rest = restOfLine(text, item.to);
	const note = notes.find((n) => n.from >= item.to && n.from < item.to + rest.length);
	const isLast = note && note.to >= item.to + rest.length && text.slice(item.to, note.from).trim() === "" &&
		noteEnds(notes, text, note.to);
	const pos = isLast ? note.to : item.to;
	return splice(text, pos, pos, `\n${indent}${sign} ${src}`);
}

/* ~x without parentheses has no room for a second item. */
function roomEdits(g) {
	if (g.group !== "none" || g.node.item.op === "paren")
		return [];
	const { from, to } = g.node.item;
	return [{ from, to: from, put: "(" }, { from: to, to, put: ")" }];
}

function makeRoom(text, path) {
	const g = at(blocks(text).root, path);
	return apply(text, roomEdits(g));
}

export function insert(text, path, index, source, join) {
	const found = blocks(text);
	if (!found.root) {
		const lead = text === "" || text.endsWith("\n") ? text : `${text}\n`;
		return found.empty ? `${lead}return ${source}\n` : text;
	}
	const first = found.root.items[0];
	if (path === "" && found.root.items.length === 1 && first.is && first.is.kind === "everyone" && !first.not)
		return replace(text, "0", source);
	const ready = makeRoom(text, path);
	const { root, notes } = blocks(ready);
	return apply(ready, [insertEdit(ready, notes, at(root, path), index, source, join)]);
}

/* The comments of from..to but those inside `but`, each on its line. */
function kept(text, notes, from, to, but) {
	return notes.filter((n) => n.from >= from && n.to <= to && !(but && n.from >= but.from && n.to <= but.to))
		.map((n) => text.slice(n.from, n.to));
}

function withNotes(text, to, put, list) {
	if (!list.length)
		return put;
	const blank = /^[ \t]*(\n|$)/.test(text.slice(to));
	return `${put}${put === "" ? "" : " "}${list.join("\n")}${blank ? "" : "\n"}`;
}

function cutEdit(text, notes, from, to) {
	const lead = /[ \t\n]*$/.exec(text.slice(0, from))[0].length;
	const free = /^[ \t]*(\n|$)/.test(text.slice(to)) || !noteEnds(notes, text, from - lead);
	const gap = !free && lead > 0 ? /^[ \t]*/.exec(text.slice(to))[0].length : 0;
	return splice(text, free ? from - lead : from, to + gap, "");
}

/* What goes when item i of a group goes: itself, kept but for `notes` inside of it, and its joint. */
function removeEdits(text, notes, g, i, keep) {
	const item = g.items[i];
	const { signs } = chain(g);
	const sign = i > 0 ? signs[i - 1] : signs[0];
	const [from, to] = i > 0 ? [sign.from, item.to] : [item.from, sign.to];
	const between = i > 0 ? text.slice(sign.to, item.from) : text.slice(item.to, sign.from);
	const whole = /^\s*$/.test(between);
	if (keep.length || !whole) {
		const put = withNotes(text, item.to, "", keep);
		return [splice(text, sign.from, sign.to, ""), splice(text, item.from, item.to, put)];
	}
	if (i > 0)
		return [cutEdit(text, notes, from, to)];
	const gap = /^\s*/.exec(text.slice(to))[0].length;
	return [splice(text, from, to + gap, "")];
}

/* removes the block at path; comments of its groups that become empty stay, its own too when keepOwn. */
function removed(text, path, but) {
	const { root, notes } = blocks(text);
	const b = at(root, path);
	const g = at(root, parent(path));
	const keep = but ? kept(text, notes, b.from, b.to, but) : [];
	if (g.items.length > 1)
		return apply(text, removeEdits(text, notes, g, place(path), keep));
	if (g.path !== "")
		return removed(text, g.path, but || b);
	return apply(text, [splice(text, b.from, b.to, withNotes(text, b.to, "everyone()", keep))]);
}

export const remove = (text, path) => removed(text, path, null);

export function replace(text, path, source) {
	const { root, notes } = blocks(text);
	const b = at(root, path);
	const g = at(root, parent(path));
	const src = g.items.length > 1 ? fit(source, signOf(g.group)) : source;
	const put = withNotes(text, b.to, src, kept(text, notes, b.from, b.to, null));
	return apply(text, [splice(text, b.from, b.to, put)]);
}

/* Where position pos of the text before stands after the edits; what is put at pos itself stands before it. */
function mapped(edits, pos) {
	return edits.reduce((sum, e) => (e.from <= pos ? sum + e.put.length - (e.to - e.from) : sum), pos);
}

export function move(text, path, group, index) {
	const found = blocks(text);
	const b = at(found.root, path);
	const g = at(found.root, group);
	const same = parent(path) === group;
	const mine = place(path);
	if (!b || !g || !g.items || path === "" || group === path || group.startsWith(`${path}.`))
		return text;
	if (same && (index === mine || index === mine + 1))
		return text;
	const room = roomEdits(g);
	const ready = apply(text, room);
	const from = mapped(room, b.from);
	const now = blocks(ready);
	const edit = insertEdit(ready, now.notes, at(now.root, group), index, text.slice(b.from, b.to));
	const next = apply(ready, [edit]);
	const moved = mapped([edit], from);
	let old = null;
	each(blocks(next).root, (x) => {
		if (!old && x.path !== "" && x.from === moved && x.to === moved + (b.to - b.from))
			old = x;
	});
	return old ? removed(next, old.path, { from: old.from, to: old.to }) : text;
}

/* Parentheses round items that would grow into the chain round them. */
function wrapEdits(g, sign) {
	if (sign !== "&")
		return [];
	return g.items.filter((b) => b.node.op === "all").flatMap((b) =>
		[{ from: b.from, to: b.from, put: "(" }, { from: b.to, to: b.to, put: ")" }]);
}

export function regroup(text, path, kind) {
	const { root } = blocks(text);
	const g = at(root, path);
	if (!g || !g.items || g.group === kind || (!g.sure && kind !== "none"))
		return text;
	const sign = signOf(kind);
	const { node } = g;
	const edits = chain(g).signs.map((s) => ({ from: s.from, to: s.to, put: sign }));
	const open = (put) => edits.push({ from: node.from, to: node.from, put });
	const close = () => edits.push({ from: node.to, to: node.to, put: ")" });
	edits.push(...wrapEdits(g, sign));
	if (g.group === "none") {
		const inner = node.item.op === "paren";
		edits.push({ from: node.from, to: node.from + 1, put: inner ? "" : "(" });
		if (!inner)
			close();
	} else if (kind === "none") {
		const inner = node.op === "paren" && (g.path !== "" || g.sure);
		open(inner ? "~" : "~(");
		if (!inner)
			close();
	} else if (node.op !== "paren" && path !== "") {
		open("(");
		close();
	}
	return apply(text, order(edits, node));
}

/* Edits at one place: parentheses of the group stand outside those of its items. */
function order(edits, node) {
	const rank = (e) => (e.from === node.from && e.put.startsWith("~") ? -2 : 0) + (e.put === ")" && e.from === node.to ? 1 : 0);
	return edits.map((e, i) => ({ e, i })).sort((a, b) => a.e.from - b.e.from || rank(a.e) - rank(b.e) || a.i - b.i).map((x) => x.e);
}
