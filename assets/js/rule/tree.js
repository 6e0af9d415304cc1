// The blocks of a rule, derived from its text: groups with all, any or none of their items, and conditions.
//
//	blocks(text)	{root, odd, empty, notes}; root is a group, null where there is none
//
//	group	{group: "all"|"any"|"none", items, from, to, node, path, sure}
//	row	{is, not, from, to, node, path}		is: what leaf.js says; not: whether a ~ stands before it
//
// path says the way from the root, "" for it, "1.0" for the first item of the second. from and to enclose all that goes
// when the block goes: signs of its own and parentheses too. sure is false where one item alone leaves open what joins
// the next one. ~(a | b) is none of a, b; ~ before one condition is that condition the other way round.
import { parse } from "./parse.js";

function bare(node) {
	return node.op === "paren" ? bare(node.item) : node;
}

function group(kind, parts, node, path, sure = true) {
	const here = path === "" ? "" : `${path}.`;
	return {
		group: kind, from: node.from, to: node.to, node, path, sure,
		items: parts.map((part, i) => block(part, here + i)),
	};
}

function row(leaf, not, node, path) {
	return { is: leaf.is, not, from: node.from, to: node.to, node, path };
}

function block(node, path) {
	const inner = bare(node);
	if (node.op === "leaf")
		return row(node, false, node, path);
	if (node.op === "not" && node.item.op === "leaf")
		return row(node.item, true, node, path);
	if (node.op === "not") {
		const under = bare(node.item);
		return group("none", under.op === "any" ? under.items : [under], node, path);
	}
	if (inner.op === "all" || inner.op === "any")
		return group(inner.op, inner.items, node, path);
	return group("all", [inner], node, path, false);
}

export function blocks(text) {
	const parsed = parse(text);
	if (!parsed.root)
		return { root: null, odd: parsed.odd, empty: !!parsed.empty, notes: parsed.notes || [] };
	const { root } = parsed;
	return {
		notes: parsed.notes,
		root: root.op === "all" || root.op === "any" ? group(root.op, root.items, root, "")
			: group("all", [root], root, "", false),
	};
}

/* The block at a path, or null. */
export function at(root, path) {
	if (path === "")
		return root;
	return path.split(".").reduce((b, i) => (b && b.items ? b.items[i] : null) || null, root);
}

export function parent(path) {
	return path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : "";
}

export const place = (path) => Number(path.slice(path.lastIndexOf(".") + 1));

export function each(b, see) {
	see(b);
	for (const item of b.items || [])
		each(item, see);
}
