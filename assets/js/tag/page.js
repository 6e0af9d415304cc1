// What the tag says about a page, without what must not leave it.

const secret = /^(.*[-_.])?(token|access_token|email|e-mail|mail|password|passwd|pwd|pass|secret|phone|tel|code|auth|key|api_?key|session|sid|otp|card|signature|sig)$/i;
let more = [];
let values = true;
const card = /(^|\D)([2-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{2,7})(?!\d)/g;
const address = /[^\s/?&=#]+(@|%40)[^\s/?&=#]+\.[a-z]{2,}/gi;

/* What the source's page says is to be masked beside our own list. */
export function setMask(names, alsoValues) {
	more = Array.isArray(names) ? names.map((n) => String(n).toLowerCase()) : [];
	values = alsoValues !== false;
}

/* Words without what looks like an e-mail or a card. */
export function cleanText(text) {
	return values ? String(text).replace(address, "*").replace(card, "$1*") : String(text);
}

/* The address with values of telling parameters, and anything that looks like an e-mail, as "*". */
export function cleanUrl(url) {
	const text = String(url || "").replace(/([?&;#])([^=&;#]*)=([^&;#]*)/g, (all, mark, name) => {
		let plain = name;
		try {
			plain = decodeURIComponent(name);
		} catch (e) { /* a broken escape: judged as it stands */ }
		return secret.test(plain) || more.indexOf(plain.toLowerCase()) >= 0 ? mark + name + "=*" : all;
	});
	return text.replace(/^([a-z]+:\/\/)[^/@]*@/i, "$1").replace(address, "*").slice(0, 2000);
}

/* utm_* as Segment's context.campaign; null when there is none. */
export function campaign(search) {
	let out = null;
	new URLSearchParams(search).forEach((value, name) => {
		if (!/^utm_[a-z_]+$/i.test(name) || !value)
			return;
		const part = name.slice(4).toLowerCase();
		out = out || {};
		out[part === "campaign" ? "name" : part] = value.slice(0, 200);
	});
	return out;
}

/* A plain copy of what the page gave, so that a later change of its object is not sent; functions,
 * elements and cycles are left out. */
export function clone(value, depth = 0, seen = []) {
	if (typeof value === "string")
		return value.slice(0, 4000);
	if (value === null || typeof value === "boolean")
		return value;
	if (typeof value === "number")
		return Number.isFinite(value) ? value : null;
	if (value instanceof Date)
		return Number.isNaN(+value) ? null : value.toISOString();
	if (typeof value !== "object" || depth > 6 || seen.indexOf(value) >= 0 || value.nodeType)
		return undefined;
	const path = seen.concat([value]);
	if (Array.isArray(value))
		return value.slice(0, 200).map((v) => clone(v, depth + 1, path)).filter((v) => v !== undefined);
	const out = {};
	Object.keys(value).slice(0, 200).forEach((k) => {
		const v = clone(value[k], depth + 1, path);
		if (v !== undefined)
			out[k] = v;
	});
	return out;
}

/* JSON of plain values, our own: a page may have replaced JSON.stringify or given arrays a toJSON
 * (Prototype.js does), and events would arrive broken. */
export function json(v) {
	if (v === null || v === undefined)
		return "null";
	if (typeof v === "number" || typeof v === "boolean")
		return String(v);
	if (typeof v === "string")
		return '"' + v.replace(/["\\\u0000-\u001f\u2028\u2029\ud800-\udfff]/g, (c, at) => {
			const n = c.charCodeAt(0);
			if (n >= 0xd800 && n < 0xdc00) {
				const next = v.charCodeAt(at + 1);
				return next >= 0xdc00 && next < 0xe000 ? c : "\\ufffd";
			}
			if (n >= 0xdc00) {
				const prev = v.charCodeAt(at - 1);
				return prev >= 0xd800 && prev < 0xdc00 ? c : "\\ufffd";
			}
			if (n === 0)
				return "\\ufffd"; // refused everywhere, with all that is sent together with it
			return c === '"' || c === "\\" ? "\\" + c : "\\u" + ("000" + n.toString(16)).slice(-4);
		}) + '"';
	if (Array.isArray(v))
		return "[" + v.map(json).join(",") + "]";
	return "{" + Object.keys(v).filter((k) => v[k] !== undefined)
		.map((k) => json(k) + ":" + json(v[k])).join(",") + "}";
}
