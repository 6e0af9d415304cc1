// cxdp-bind.js: the overlay in which a marketer points at things on their own site and names events. The tag loads it when the page was
// opened by a link of the source's page; it speaks to the tag's own host only, under the link's token (docs/binding.md).
import { all, bind, isAt } from "../tag/bind.js";
import { css, h } from "./look.js";
import { form } from "./form.js";
import { marks, picker } from "./pick.js";
import { why, words } from "./words.js";

const script = document.currentScript;
const { token, key } = (script && script.cxdp) || {};
const host = script && new URL(script.src).origin;
const slot = "cxdp-bind"; // where tag.js keeps the token
const ask = window.fetch && window.fetch.bind(window);

function start() {
	const frame = document.createElement("div");
	const shadow = frame.attachShadow({ mode: "closed" });
	frame.style.cssText = "all:initial;position:static";
	try {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(css);
		shadow.adoptedStyleSheets = [sheet];
	} catch (e) {
		shadow.append(h("style", null, css));
	}
	const root = h("div", { class: "root" });
	const panel = h("section", { class: "panel", role: "dialog", "aria-label": "cxdp", tabIndex: -1 });
	root.append(panel);
	shadow.append(root);
	document.documentElement.append(frame);
	/* What is typed here is not for the page's own shortcuts. */
	["keydown", "keyup", "keypress", "input", "change", "click", "mousedown", "mouseup", "pointerdown", "pointerup", "focusin", "submit", "wheel", "paste", "copy"]
		.forEach((n) => frame.addEventListener(n, (e) => e.stopPropagation()));
	const app = { t: words((navigator.language || "ru").slice(0, 2) === "en" ? "en" : "ru"), frame, root, panel, bindings: [], counts: [], names: [], said: "", bad: false };
	app.marks = marks(app);
	app.pick = picker(app);

	app.call = (what) => ask(host + "/v1/binder", { method: "POST", credentials: "omit", mode: "cors", referrerPolicy: "no-referrer",
		headers: { "Content-Type": "text/plain" }, body: JSON.stringify(Object.assign({ token, key }, what)) })
		.then((r) => r.json().then((body) => ({ status: r.status, body })), () => ({ status: 0, body: {} }))
		.then(({ status, body }) => {
			if (status === 200) {
				Object.assign(app, body);
				if (body.language)
					app.t = words(body.language);
				return true;
			}
			app.bad = true;
			app.said = status === 401 ? app.t("ended") : status === 403 ? app.t("denied")
				: status === 404 ? app.t("gone") : status >= 400 && status < 500 && body.message ? app.t("wrong", { why: why(app.language, body.message) }) : app.t("away", { host });
			if (status === 401 || status === 403) {
				forget();
				app.over = true;
			}
			return false;
		});
	function forget() {
		try {
			sessionStorage.removeItem(slot);
		} catch (e) { /* nothing kept */ }
	}
	app.close = () => {
		forget();
		app.pick.stop();
		app.marks.clear();
		frame.remove();
		location.reload();
	};
	app.show = (inside, foot) => {
		const t = app.t;
		panel.replaceChildren(
			h("div", { class: "head" }, h("h1", null, app.source ? t("title") + ": " + app.source : t("title")),
				h("button", { class: "flat", type: "button", title: t("side"), "aria-label": t("side"), onclick: () => panel.classList.toggle("left") }, "⇄"),
				h("button", { class: "flat", type: "button", title: t("close"), "aria-label": t("close"), onclick: app.close }, "✕")),
			h("div", { class: "body" }, app.said && h("p", { class: app.bad ? "bad" : "good", role: "status" }, app.said), inside),
			foot ? h("div", { class: "foot" }, foot) : "");
		app.said = "";
		app.bad = false;
	};
	app.list = () => list(app);
	app.form = (b, el) => form(app, b, el);
	app.trial = (b, el) => trial(app, b, el);
	app.call({ do: "open" }).then(() => list(app));
}

function countOf(b) {
	try {
		return b.kind === "page" ? 1 : all(b.selector).length;
	} catch (e) {
		return 0;
	}
}

/* All that is bound: here first. */
function list(app) {
	const { t } = app;
	app.marks.clear();
	app.pick.stop();
	if (app.over) {
		app.show(null);
		return;
	}
	const here = (b) => isAt(b.where, location.href);
	const change = (what) => () => app.call(what).then(() => list(app));
	const item = (b) => {
		const c = app.counts.find((x) => x.id === b.id) || {};
		const gone = h("button", { class: "small flat", type: "button", onclick: () => {
			if (gone.dataset.sure)
				change({ do: "delete", id: b.id })();
			gone.dataset.sure = "1";
			gone.textContent = t("sure");
		} }, t("del"));
		return h("div", { class: "item" },
			h("div", { class: "row" }, h("span", { class: "name grow" }, b.event), h("span", { class: "mut" }, t("state_" + b.state))),
			b.selector && h("div", { class: "mono mut" }, b.selector),
			h("div", { class: "mut" }, here(b) && b.kind !== "page" ? t("found") + ": " + countOf(b) + " · " : "", t("hour") + ": " + (c.hour || 0) + " · " + t("day") + ": " + (c.day || 0)),
			h("div", { class: "row" },
				h("button", { class: "small", type: "button", onclick: () => app.form(b, firstOf(b)) }, t("edit")),
				h("button", { class: "small", type: "button", onclick: change({ do: "state", id: b.id, state: b.state === "published" ? "paused" : "published" }) }, t(b.state === "published" ? "pause" : "publish")),
				gone));
	};
	const mine = app.bindings.filter(here), others = app.bindings.filter((b) => !here(b));
	app.show([
		h("h2", null, t("here")), mine.length ? mine.map(item) : h("p", { class: "mut" }, t("none")),
		others.length ? [h("h2", null, t("else_")), others.map(item)] : null,
	], [
		h("button", { class: "main", type: "button", onclick: () => app.pick.start("picking", (el) => app.form(null, el), () => list(app)) }, t("pick")),
		h("button", { type: "button", onclick: () => app.form(null, null) }, t("page")),
	]);
	mine.forEach((b) => b.selector && app.marks.all(b.selector));
}

function firstOf(b) {
	try {
		return b.selector ? all(b.selector)[0] || null : null;
	} catch (e) {
		return null;
	}
}

/* The binding at work on this page; nothing leaves it. */
function trial(app, b, el) {
	const { t } = app;
	let n = 0;
	const times = h("strong", { class: "good" }, "0"), seen = h("div", { class: "cell" });
	const still = (e) => {
		if (e.target !== app.frame && (e.type === "submit" || (e.target.closest && e.target.closest("a[href]"))))
			e.preventDefault();
	};
	const bound = bind({ list: [Object.assign({ id: "try" }, b, { where: "" })], guard: (fn) => fn, fire: (one, properties, at) => {
		if (at === app.frame)
			return;
		times.textContent = String(++n);
		seen.prepend(h("pre", null, JSON.stringify(properties, null, 1)));
		while (seen.children.length > 10)
			seen.lastChild.remove();
		app.marks.hit(at);
	} });
	const stop = () => {
		bound.stop();
		removeEventListener("click", still, true);
		removeEventListener("submit", still, true);
		removeEventListener("keydown", esc, true);
		app.form(b, el);
	};
	const esc = (e) => e.key === "Escape" && stop();
	addEventListener("click", still, true);
	addEventListener("submit", still, true);
	addEventListener("keydown", esc, true);
	app.marks.clear();
	if (b.selector)
		app.marks.all(b.selector);
	app.show([h("h2", null, t("trying")), h("p", { class: "mut" }, t("trying_hint")), h("p", { "aria-live": "polite", class: "times" }, t("times") + ": ", times), seen],
		[h("button", { type: "button", onclick: stop }, t("back"))]);
	bound.arrived();
}

/* The page's own calls of the tag go nowhere while one points; the tag's version keeps a second one from beginning. */
function silence() {
	const none = () => {};
	window.cxdp = { identify: none, track: none, page: none, reset: none, consent: none, flush: none, push: none, version: "bind" };
}

if (token && ask && !(window.cxdp && window.cxdp.version)) {
	silence();
	start();
}
