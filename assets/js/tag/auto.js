// What the tag sees by itself. Each event can be turned off on the source's page. Never what somebody typed, but for what a form of
// search is asked; an element with data-cxdp-ignore, or inside one, is passed over.
import { cleanText, cleanUrl } from "./page.js";
import { wanted } from "./settings.js";

const files = /\.(pdf|docx?|xlsx?|pptx?|csv|txt|rtf|zip|rar|7z|gz|apk|exe|dmg|mp3|mp4|avi|mov|epub|fb2)$/i;
const pressed = "a[href],button,[role=button],input[type=submit],input[type=button]";
const searched = /^(q|query|s|search|text|keyword|poisk)$/i;
const missing = /(^|\D)404(\D|$)|not found|не найден/i;

function ignored(el) {
	return !el || !el.closest || el.closest("[data-cxdp-ignore]");
}

function words(el) {
	const text = el.tagName === "INPUT" ? el.value : el.getAttribute("aria-label") || el.textContent;
	return cleanText(String(text || "").replace(/\s+/g, " ").trim()).slice(0, 100);
}

function formName(form) {
	const get = (n) => form.getAttribute(n);
	return cleanText(get("data-cxdp-form") || get("id") || get("name") || "form").slice(0, 100);
}

export function watch({ config, track, guard }) {
	const on = (name) => wanted(config, name);
	const listen = (target, name, fn) => target.addEventListener(name, guard(fn), { capture: true, passive: true });
	let depth = 0, seen = 0, from = 0, clicks = [];
	const forms = new Map();
	const videos = new WeakSet();

	/* --- clicks --- */
	function link(el) {
		const url = new URL(el.href, location.href);
		if (!/^https?:$/.test(url.protocol))
			return on("click") && track("Clicked", { text: words(el), href: url.protocol });
		const href = cleanUrl(url.href);
		if (el.hasAttribute("download") || files.test(url.pathname))
			return on("download") && track("File Downloaded", { file: cleanUrl(url.pathname.split("/").pop()), href, text: words(el) });
		if (url.hostname !== location.hostname)
			return on("outbound") && track("Outbound Link Clicked", { href, text: words(el) });
		return on("click") && track("Clicked", { text: words(el), href });
	}
	function rage(e) {
		const at = Date.now();
		clicks = clicks.filter((c) => at - c.at < 1000 && Math.abs(c.x - e.clientX) < 30 && Math.abs(c.y - e.clientY) < 30);
		clicks.push({ at, x: e.clientX, y: e.clientY });
		if (clicks.length === 3 && on("rage_click"))
			track("Rage Clicked", { text: words(e.target), tag: e.target.tagName.toLowerCase() });
	}
	listen(document, "click", (e) => {
		if (ignored(e.target))
			return;
		if (e.detail > 0)
			rage(e);
		const el = e.target.closest(pressed);
		if (!el || el.disabled)
			return;
		if (el.tagName === "A")
			link(el);
		else if (on("click"))
			track("Clicked", { text: words(el), id: el.id || undefined });
	});

	/* --- how far --- */
	const scrolled = () => {
		const all = document.documentElement.scrollHeight - innerHeight;
		if (all < 100)
			return;
		const now = Math.floor(Math.min(1, (scrollY + 2) / all) * 4) * 25;
		if (now > depth && on("scroll"))
			track("Page Scrolled", { percent: now, path: location.pathname });
		depth = Math.max(depth, now);
	};
	let soon = 0;
	listen(window, "scroll", () => {
		if (!soon)
			soon = setTimeout(guard(() => {
				soon = 0;
				scrolled();
			}), 250);
	});

	/* --- forms --- */
	listen(document, "focusin", (e) => {
		const form = e.target.form;
		if (!form || ignored(e.target) || forms.has(form) || searchOf(form))
			return;
		forms.set(form, false);
		if (on("form"))
			track("Form Started", { form: formName(form) });
	});
	function searchOf(form) {
		return [...form.querySelectorAll("input")].filter((i) => i.type === "search" || (i.type === "text" && searched.test(i.name)))[0];
	}
	listen(document, "submit", (e) => {
		if (ignored(e.target))
			return;
		forms.set(e.target, true);
		const search = searchOf(e.target);
		if (search) {
			const query = cleanText(search.value.trim()).slice(0, 200);
			if (query && on("search"))
				track("Products Searched", { query });
		} else if (on("form") && !e.target.hasAttribute("data-cxdp-form"))
			track("Form Submitted", { form: formName(e.target) });
	});

	/* --- the rest --- */
	["play", "ended"].forEach((name) => listen(document, name, (e) => {
		const v = e.target;
		if (ignored(v) || v.tagName !== "VIDEO" || !on("video") || (name === "play" && videos.has(v)))
			return;
		videos.add(v);
		track(name === "play" ? "Video Playback Started" : "Video Playback Completed", {
			title: cleanText(v.title || v.getAttribute("aria-label") || "") || undefined,
			src: cleanUrl(v.currentSrc), seconds: Math.round(v.duration) || undefined });
	}));
	listen(document, "copy", () => {
		const length = String(getSelection()).length;
		if (length && on("copy"))
			track("Text Copied", { length, path: location.pathname });
	});
	listen(document, "visibilitychange", () => {
		if (document.visibilityState === "hidden" && from) {
			seen += Date.now() - from;
			from = 0;
		} else if (document.visibilityState === "visible" && !from)
			from = Date.now();
	});

	function left() {
		if (from)
			seen += Date.now() - from;
		from = 0;
		if (seen >= 1000 && on("time"))
			track("Page Left", { seconds: Math.round(seen / 1000), percent: depth });
		seen = 0;
		forms.forEach((sent, form) => {
			if (!sent && on("form_abandon"))
				track("Form Abandoned", { form: formName(form) });
		});
		forms.clear();
	}
	function arrived() {
		depth = seen = 0;
		clicks = [];
		from = document.visibilityState === "visible" ? Date.now() : 0;
		const nav = performance.getEntriesByType ? performance.getEntriesByType("navigation")[0] : null;
		const meta = document.querySelector("meta[name='cxdp:status']");
		if (on("not_found") && (meta ? meta.content === "404"
			: (nav && nav.responseStatus === 404) || missing.test(document.title)))
			track("Page Not Found", { path: cleanUrl(location.pathname) });
	}
	return { left: guard(left), arrived: guard(arrived) };
}
