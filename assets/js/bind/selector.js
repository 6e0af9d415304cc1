// Selectors for what somebody pointed at: what its authors named comes first, what a build named never.
import { all, nearest, wordsOf } from "../tag/bind.js";

const built = /\d{2,}|^(css|sc|jsx|svelte|ng|emotion|v)-|^_|[a-f0-9]{6,}|[_-](?=[A-Za-z]*\d)[A-Za-z0-9]{4,}$/;
const state = /^(is|has|js)-|(^|[-_])(active|hover|focus|focused|open|opened|selected|current|disabled|loading|visible|hidden|show|in)$/i;
const ours = /^data-(v-|react|cxdp|ember|s-|server)/;

function named(word, most = 60) {
	return !!word && word.length <= most && !built.test(word) && !/_[A-Za-z]*[a-z][A-Z][A-Za-z]*$/.test(word);
}

export function classesOf(el) {
	return Array.prototype.slice.call(el.classList || []).filter((c) => named(c, 40) && !state.test(c));
}

function attr(name, value) {
	return "[" + name + "=\"" + value.replace(/["\\]/g, "\\$&") + "\"]";
}

export function count(selector) {
	try {
		return all(selector).length;
	} catch (e) {
		return 0;
	}
}

/* What an element may be called by itself, best first. */
function names(el) {
	const tag = el.tagName.toLowerCase(), out = [];
	if (named(el.id))
		out.push("#" + CSS.escape(el.id));
	Array.prototype.forEach.call(el.attributes, (a) => {
		if (/^data-/.test(a.name) && !ours.test(a.name) && named(a.value))
			out.push(tag + attr(a.name, a.value));
	});
	["name", "aria-label"].forEach((n) => {
		if (named(el.getAttribute(n)))
			out.push(tag + attr(n, el.getAttribute(n)));
	});
	const classes = classesOf(el).map((c) => "." + CSS.escape(c));
	classes.forEach((c) => out.push(tag + c));
	if (classes.length > 1)
		out.push(tag + classes.join(""));
	const href = tag === "a" && el.getAttribute("href");
	if (href && href.length < 100 && !/^(#|javascript:)/.test(href) && !/\d{4,}/.test(href))
		out.push("a" + attr("href", href));
	return out;
}

function place(el) {
	const tag = el.tagName.toLowerCase();
	const same = el.parentElement ? Array.prototype.filter.call(el.parentElement.children, (c) => c.tagName === el.tagName) : [el];
	return same.length > 1 ? tag + ":nth-of-type(" + (same.indexOf(el) + 1) + ")" : tag;
}

/* The shortest that finds this element and no other. */
export function one(el) {
	const own = names(el), tag = el.tagName.toLowerCase();
	const found = own.concat(tag).filter((s) => count(s) === 1)[0];
	if (found)
		return found;
	for (let up = el.parentElement, n = 0; up && n < 8; up = up.parentElement, n++)
		for (const a of names(up).filter((s) => count(s) === 1))
			for (const s of own.concat(tag))
				if (count(a + " " + s) === 1)
					return a + " " + s;
	const words = wordsOf(el);
	if (/^(a|button|summary|label|input)$/.test(tag) && words && words.length <= 60 && count(tag + ":text(" + words + ")") === 1)
		return tag + ":text(" + words + ")";
	let path = place(el);
	for (let up = el.parentElement; up; up = up.parentElement) {
		const a = names(up).filter((s) => count(s) === 1)[0];
		if (a && count(a + " > " + path) === 1)
			return a + " > " + path;
		path = place(up) + " > " + path;
		if (count(path) === 1)
			return path;
	}
	return path;
}

/* The one that finds all of its kind: several, it among them; or the same as one(). */
export function like(el) {
	const tag = el.tagName.toLowerCase(), tries = [];
	const classes = classesOf(el).map((c) => "." + CSS.escape(c));
	if (classes.length)
		tries.push(tag + classes.join(""));
	classes.forEach((c) => tries.push(tag + c));
	Array.prototype.forEach.call(el.attributes, (a) => {
		if (/^data-/.test(a.name) && !ours.test(a.name))
			tries.push(tag + "[" + a.name + "]");
	});
	if (el.getAttribute("name"))
		tries.push(tag + attr("name", el.getAttribute("name")));
	for (let up = el.parentElement, n = 0; up && n < 5; up = up.parentElement, n++)
		classesOf(up).forEach((c) => tries.push("." + CSS.escape(c) + " " + tag));
	return tries.filter((s) => count(s) > 1)[0] || one(el);
}

/* What finds value from el: inside it, or inside what is around both. */
export function from(el, value) {
	if (el) {
		const own = names(value).concat(classesOf(value).map((c) => "." + CSS.escape(c)), value.tagName.toLowerCase());
		const short = own.sort((a, b) => (a[0] === "#") - (b[0] === "#")).filter((s) => nearest(el, s) === value)[0];
		if (short)
			return short;
	}
	return one(value);
}

/* "/catalog/shoes/123" is like "/catalog/shoes/*". */
export function pagesLike(path) {
	const parts = path.split("/");
	const at = parts.map((p) => /\d/.test(p)).lastIndexOf(true);
	parts[at > 0 ? at : parts.length - 1] = "*";
	return parts.join("/");
}
