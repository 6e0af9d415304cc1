// What was bound on the source's page (docs/binding.md): an event for a click, a form sent, an element seen, a page. Nothing is read but
// what a binding names. The overlay tries bindings with the same code.
import { cleanText, cleanUrl } from "./page.js";

const most = 200;
const typed = /^(input|textarea|select|option)$/i;
const pressed = /^(button|submit|reset|image)$/i;
const hidden = /pass|pwd|card|cvv|cvc|iban|secret|token|csrf|captcha|mail|phone|tel/i;
const kept = /^(text|search|number|range|date|time|month|week|color|url|checkbox|radio|select-one|select-multiple|textarea|datetime-local)$/;

/* Whether an address is where a pattern says; the same as binding_is_at of the server. */
export function isAt(pattern, href) {
	if (!pattern)
		return true;
	let url = href.split("#")[0];
	if (pattern.indexOf("?") < 0)
		url = url.split("?")[0];
	if (!/^http/.test(pattern))
		url = url.replace(/^[a-z]+:\/\/[^/?]*/i, "") || "/";
	const parts = pattern.split("*");
	if (parts.length === 1)
		return url === pattern;
	const first = parts.shift(), last = parts.pop();
	if (url.slice(0, first.length) !== first || url.length < first.length + last.length)
		return false;
	let at = first.length;
	for (const part of parts) {
		at = url.indexOf(part, at);
		if (at < 0)
			return false;
		at += part.length;
	}
	return url.length - last.length >= at && url.slice(url.length - last.length) === last;
}

export function ignored(el) {
	return !el || !el.closest || !!el.closest("[data-cxdp-ignore]");
}

/* What stands on an element for everybody to read: never what somebody typed. */
export function wordsOf(el) {
	if (ignored(el) || el.isContentEditable)
		return "";
	const tag = el.tagName;
	if (typed.test(tag))
		return tag === "INPUT" && pressed.test(el.type) ? el.value : "";
	if (el.querySelector("textarea,[contenteditable]:not([contenteditable=false]),[data-cxdp-ignore]"))
		return "";
	return el.textContent.replace(/\s+/g, " ").trim();
}

/* CSS, or CSS:text(words). */
function split(selector) {
	const m = /^(.*?):text\(([\s\S]*)\)$/.exec(selector);
	return m ? [m[1] || "*", m[2].trim()] : [selector, null];
}

export function all(selector, root) {
	const [css, text] = split(selector);
	const list = [...(root || document).querySelectorAll(css)];
	return text === null ? list : list.filter((el) => wordsOf(el) === text);
}

export function closest(el, selector) {
	const [css, text] = split(selector);
	for (let e = el && el.closest ? el.closest(css) : null; e; e = e.parentElement && e.parentElement.closest(css))
		if (text === null || wordsOf(e) === text)
			return e;
	return null;
}

/* The nearest element a selector finds: inside, or inside the closest one around that has it. */
export function nearest(el, selector) {
	for (let e = el || document.documentElement; e; e = e.parentElement) {
		const found = all(selector, e)[0];
		if (found)
			return found;
	}
	return null;
}

/* The value of an input that a binding names, unless it is one of those nobody may read. */
function inputOf(el, name) {
	const scope = (el && el.closest && el.closest("form")) || document;
	const list = [...scope.querySelectorAll("input,select,textarea")].filter((i) => i.getAttribute("name") === name);
	const one = list.filter((i) => i.type !== "radio" || i.checked)[0];
	if (!one || ignored(one) || !kept.test(one.type) || hidden.test(name) || hidden.test(one.id) ||
	    hidden.test(one.getAttribute("autocomplete") || "") || /^cc-/.test(one.getAttribute("autocomplete") || ""))
		return undefined;
	return one.type === "checkbox" ? one.checked : one.value;
}

function own(o, k) {
	return o !== null && typeof o === "object" && Object.prototype.hasOwnProperty.call(o, k) ? o[k] : undefined;
}

/* What the data layer said last under a path. */
export function layerOf(path) {
	const layer = window.dataLayer;
	for (let i = (layer && layer.length) - 1; i >= 0; i--) {
		const entry = layer[i] && layer[i][0] === "event" ? layer[i][2] : layer[i];
		const v = path.split(".").reduce(own, entry);
		if (/^(string|number|boolean)$/.test(typeof v))
			return v;
	}
	return undefined;
}

/* "1 299,50 руб." is 1299.5: the last point or comma parts the cents, unless there are more of its kind. */
function numberOf(v) {
	const m = /-?\d[\d\s\u00a0.,']*/.exec(String(v));
	if (!m)
		return undefined;
	const t = m[0].replace(/[\s\u00a0']/g, "").replace(/[.,]+$/, "");
	const mark = /[.,](?=\d+$)/.exec(t);
	const whole = (x) => x.replace(/[.,]/g, "");
	if (!mark || t.split(t[mark.index]).length > 2)
		return parseFloat(whole(t));
	return parseFloat(whole(t.slice(0, mark.index)) + "." + t.slice(mark.index + 1));
}

function raw(p, el) {
	const target = p.at ? nearest(el, p.at) : el;
	switch (p.from) {
	case "text":
		return target ? wordsOf(target) : undefined;
	case "attribute": {
		if (!target || ignored(target) || (/^value$/i.test(p.arg) && !pressed.test(target.type)))
			return undefined;
		const v = target.getAttribute(p.arg);
		return v !== null && /^(href|src|action)$/i.test(p.arg) ? cleanUrl(v) : v;
	}
	case "input":
		return inputOf(target, p.arg);
	case "layer":
		return layerOf(p.arg);
	case "path": {
		const path = cleanUrl(location.pathname);
		return p.arg ? path.split("/").filter(Boolean)[p.arg - 1] : path;
	}
	case "query": {
		const found = new RegExp("[?&]" + encodeURIComponent(p.arg).replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + "=([^&]*)")
			.exec(cleanUrl(location.search));
		return found ? decodeURIComponent(found[1].replace(/\+/g, " ")) : undefined;
	}
	default:
		return p.arg;
	}
}

/* The properties of a binding, at an element (null: of the page). */
export function read(b, el) {
	const out = {};
	(b.properties || []).forEach((p) => {
		let v;
		try {
			v = raw(p, el);
		} catch (e) { /* a selector the browser does not know, a broken escape */ }
		if (v === undefined || v === null || v === "")
			return;
		if (p.type === "number")
			v = numberOf(v);
		else if (p.type === "bool")
			v = v === true || /^(1|true|yes|on|да)$/i.test(v);
		else
			v = cleanText(v).slice(0, 500);
		if (v !== undefined)
			out[p.name] = v;
	});
	return out;
}

/* Listens for bindings; fire(binding, properties, element). arrived() at each new place of the page; stop() ends it. */
export function bind({ list, fire, guard }) {
	const here = () => list.slice(0, most).filter((b) => isAt(b.where, location.href));
	let done = {}, seen = new WeakSet(), watched = new WeakMap(), eye = null, news = null, soon = 0;
	const stops = [];

	const happen = (b, el) => {
		if (b.once && done[b.id])
			return;
		done[b.id] = true;
		fire(b, read(b, el), el);
	};
	const each = (kind, fn) => here().forEach((b) => b.kind === kind && guard(fn)(b));
	function listen(name, kind) {
		const hear = guard((e) => {
			if (!ignored(e.target))
				each(kind, (b) => {
					const el = closest(e.target, b.selector);
					if (el)
						happen(b, el);
				});
		});
		document.addEventListener(name, hear, true);
		stops.push(() => document.removeEventListener(name, hear, true));
	}
	function look() {
		soon = 0;
		each("view", (b) => all(b.selector).slice(0, most).forEach((el) => {
			const known = watched.get(el) || [];
			if (ignored(el) || known.indexOf(b) >= 0)
				return;
			watched.set(el, known.concat([b]));
			eye.observe(el);
		}));
	}
	function watch() {
		eye = new IntersectionObserver(guard((entries) => entries.forEach((e) => {
			if (!e.isIntersecting || seen.has(e.target))
				return;
			seen.add(e.target);
			eye.unobserve(e.target);
			(watched.get(e.target) || []).forEach((b) => isAt(b.where, location.href) && happen(b, e.target));
		})), { threshold: 0.5 });
		news = new MutationObserver(() => {
			if (!soon)
				soon = setTimeout(guard(look), 500);
		});
		news.observe(document.documentElement, { childList: true, subtree: true });
	}
	const has = (kind) => list.some((b) => b.kind === kind);
	if (has("click"))
		listen("click", "click");
	if (has("submit"))
		listen("submit", "submit");
	return {
		arrived: guard(() => {
			done = {};
			seen = new WeakSet();
			if (eye)
				eye.disconnect();
			watched = new WeakMap();
			each("page", (b) => happen(b, null));
			if (has("view") && window.IntersectionObserver) {
				if (!eye)
					watch();
				look();
			}
		}),
		stop() {
			stops.forEach((fn) => fn());
			if (eye)
				eye.disconnect();
			if (news)
				news.disconnect();
			clearTimeout(soon);
		},
	};
}
