// One binding: its name, on what, where, with which properties, and the event as it would be sent.
import { isAt, layerOf, read, wordsOf } from "../tag/bind.js";
import { h } from "./look.js";
import { count, from, like, one, pagesLike, classesOf } from "./selector.js";

const secret = /^(value|style|on.*|class|id|nonce|integrity)$/i;

function nameOf(text) {
	return String(text).replace(/^data-/, "").replace(/[^\p{L}\p{N}_ -]/gu, " ").trim().replace(/[\s-]+/g, "_").slice(0, 60) || "value";
}

/* Paths of plain values the data layer has now, newest entries first. */
export function layerPaths() {
	const out = [];
	const walk = (v, path, depth) => {
		if (out.length >= 100 || depth > 5 || v === null || v === undefined)
			return;
		if (typeof v !== "object") {
			if (/^(string|number|boolean)$/.test(typeof v) && out.indexOf(path) < 0)
				out.push(path);
			return;
		}
		Object.keys(v).slice(0, 50).forEach((k) => !/[\s.]/.test(k) && !/^gtm\./.test(k) && walk(v[k], path ? path + "." + k : k, depth + 1));
	};
	const layer = window.dataLayer || [];
	for (let i = layer.length - 1; i >= 0 && i > layer.length - 50; i--)
		walk(layer[i] && layer[i][0] === "event" ? layer[i][2] : layer[i], "", 0);
	return out;
}

function kindOf(el) {
	return !el ? "page" : el.closest("form") && (el.tagName === "FORM" || el.type === "submit" || (el.tagName === "BUTTON" && el.type !== "button")) ? "submit" : "click";
}

/* A new binding for an element (null: for the page). */
function fresh(el) {
	const kind = kindOf(el);
	const target = kind === "submit" ? el.closest("form") : el && (el.closest("a[href],button,[role=button]") || el);
	return { b: { event: "", kind, selector: target ? one(target) : "", where: location.pathname, once: false, properties: [], state: "draft" }, el: target };
}

export function form(app, was, element) {
	const { t } = app;
	const made = was ? { b: was, el: element } : fresh(element);
	const el = made.el;
	const b = Object.assign({}, made.b, { properties: (made.b.properties || []).map((p) => Object.assign({}, p)) });
	const body = h("div", { class: "cell" }), sample = h("pre", { class: "preview" }), found = h("span", { class: "mut" });

	function refresh() {
		const n = b.selector ? count(b.selector) : 0;
		found.textContent = t("matches") + ": " + n;
		sample.textContent = (b.event || "…") + " " + JSON.stringify(read(b, el), null, 1);
		app.marks.clear();
		if (b.selector)
			app.marks.all(b.selector);
		app.marks.one(el);
	}
	const input = (key, more) => h("input", Object.assign({ value: b[key], oninput: (e) => {
		b[key] = e.target.value.trim();
		refresh();
	}, maxLength: 500 }, more));
	const choice = (label, on, fn) => h("button", { type: "button", class: "small" + (on ? " on" : ""), "aria-pressed": String(on), onclick: () => {
		fn();
		draw();
	} }, label);
	function property(p) {
		const value = read({ properties: [p] }, el)[p.name];
		return h("div", { class: "item" },
			h("div", { class: "row" },
				h("input", { class: "grow", value: p.name, "aria-label": t("name"), maxLength: 60, onchange: (e) => {
					p.name = nameOf(e.target.value);
					draw();
				} }),
				h("select", { "aria-label": t("properties"), class: "grow", onchange: (e) => {
					p.type = e.target.value;
					draw();
				} }, ["text", "number", "bool"].map((k) => h("option", { value: k, selected: p.type === k }, t(k)))),
				h("button", { type: "button", class: "small flat", "aria-label": t("remove"), title: t("remove"), onclick: () => {
					b.properties.splice(b.properties.indexOf(p), 1);
					draw();
				} }, "✕")),
			p.from === "const" && h("input", { value: p.arg, "aria-label": t("add_const"), maxLength: 500, onchange: (e) => {
				p.arg = e.target.value;
				draw();
			} }),
			h("div", { class: "mono mut" }, p.from + " " + (p.arg || "") + (p.at ? " @ " + p.at : ""), " = ", value === undefined ? t("empty") : String(value)));
	}
	const add = (p) => {
		const base = p.name;
		for (let n = 2; b.properties.some((x) => x.name === p.name); n++)
			p.name = base + "_" + n;
		b.properties.push(p);
		draw();
	};
	function menu(label, options, take) {
		return h("select", { "aria-label": label, class: "grow", onchange: (e) => {
			const o = options[e.target.selectedIndex - 1];
			if (o)
				take(o.value);
		} }, h("option", null, label), options.map((o) => h("option", null, o.label)));
	}
	const cut = (v) => String(v).length > 40 ? String(v).slice(0, 40) + "…" : String(v);
	function adders() {
		const attributes = el ? Array.prototype.filter.call(el.attributes, (a) => !secret.test(a.name)).map((a) => ({ value: a, label: a.name + " = " + cut(a.value) })) : [];
		const layer = layerPaths().map((p) => ({ value: p, label: p + " = " + cut(layerOf(p)) }));
		const parts = location.pathname.split("/").filter(Boolean).map((p, i) => ({ value: ["path", String(i + 1)], label: t("part", { n: i + 1 }) + ": " + cut(p) }));
		new URLSearchParams(location.search).forEach((v, k) => parts.push({ value: ["query", k], label: t("query", { n: k }) + ": " + cut(v) }));
		parts.unshift({ value: ["path", ""], label: t("path") });
		return h("div", { class: "cell" },
			h("div", { class: "row" },
				h("button", { type: "button", class: "small", onclick: () => app.pick.start("picking_value", value, () => app.form(b, el)) }, t("add_value")),
				h("button", { type: "button", class: "small", onclick: () => add({ name: "value", from: "const", arg: "1", type: "text" }) }, t("add_const"))),
			attributes.length ? menu(t("add_attribute"), attributes, (a) => add({ name: nameOf(a.name), from: "attribute", arg: a.name, type: "text" })) : null,
			layer.length ? menu(t("add_layer"), layer, (p) => add({ name: nameOf(p.split(".").pop()), from: "layer", arg: p, type: typeof layerOf(p) === "number" ? "number" : "text" }))
				: h("p", { class: "mut" }, t("no_layer")),
			menu(t("add_url"), parts, ([kind, arg]) => add({ name: kind === "query" ? nameOf(arg) : "path" + (arg && "_" + arg), from: kind, arg, type: "text" })));
	}
	/* Where a value stands was pointed at: an input gives what is typed only because it was chosen so, by its name. */
	function value(at) {
		const typed = /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName), name = at.getAttribute("name");
		const p = typed ? { name: nameOf(name || "value"), from: "input", arg: name || "", type: "text" }
			: { name: nameOf(classesOf(at)[0] || at.tagName.toLowerCase()), from: "text", at: from(el, at), type: /^[^\d]*\d[\d\s.,\u00a0]*[^\d]*$/.test(wordsOf(at)) ? "number" : "text" };
		if (p.at && at === el)
			delete p.at;
		if (!typed || name)
			b.properties.push(p);
		app.form(b, el);
	}
	const send = (state) => () => {
		if (!b.event) {
			app.said = t("no_name");
			app.bad = true;
			draw();
			return;
		}
		app.call({ do: "save", binding: Object.assign({}, b, { state }) }).then((ok) => {
			if (!ok && !app.over) {
				draw();
				return;
			}
			app.said = ok ? t(state === "published" ? "published" : "saved") : app.said;
			app.list();
		});
	};
	function which() {
		if (!el || b.kind === "page")
			return null;
		const only = one(el), many = like(el);
		return h("div", { class: "cell" }, h("h2", null, t("what")),
			h("div", { class: "row" }, choice(t("only"), b.selector === only, () => { b.selector = only; }),
				many !== only && choice(t("alike") + ": " + count(many), b.selector === many, () => { b.selector = many; }), found),
			input("selector", { class: "mono", "aria-label": t("selector") }));
	}
	function draw() {
		const here = location.pathname, alike = pagesLike(here);
		body.replaceChildren(
			h("label", { class: "cell" }, h("h2", null, t("event")), input("event", { placeholder: t("event_hint"), list: "names", maxLength: 100, class: "event" })),
			h("datalist", { id: "names" }, app.names.map((n) => h("option", { value: n }))),
			h("label", { class: "cell" }, h("h2", null, t("when")), h("select", { class: "kind", onchange: (e) => {
				b.kind = e.target.value;
				b.selector = b.kind === "page" ? "" : b.selector || (el ? one(el) : "");
				draw();
			} }, ["click", "submit", "view", "page"].filter((k) => el || b.selector || k === "page").map((k) => h("option", { value: k, selected: b.kind === k }, t(k === "page" ? "page_kind" : k))))),
			which() || "",
			h("div", { class: "cell" }, h("h2", null, t("where")),
				h("div", { class: "row" }, choice(t("where_here"), b.where === here, () => { b.where = here; }), choice(t("where_like"), b.where === alike, () => { b.where = alike; }),
					b.kind !== "page" && choice(t("where_all"), b.where === "", () => { b.where = ""; })),
				input("where", { class: "mono", "aria-label": t("where") }), !isAt(b.where, location.href) && h("p", { class: "bad" }, t("else_"))),
			h("label", { class: "check" }, h("input", { type: "checkbox", checked: b.once, onchange: (e) => { b.once = e.target.checked; } }), t("once")),
			h("div", { class: "cell" }, h("h2", null, t("properties")), b.properties.map(property), adders()),
			h("div", { class: "cell" }, h("h2", null, t("preview")), sample));
		refresh();
		app.show(body, [
			h("button", { class: "main", type: "button", onclick: send("published") }, t("publish")),
			h("button", { type: "button", onclick: () => app.trial(b, el) }, t("try_")),
			h("button", { type: "button", onclick: send(b.state === "published" ? "paused" : b.state || "draft") }, t(b.state === "published" ? "pause" : "draft")),
			h("button", { class: "flat", type: "button", onclick: () => app.list() }, t("back")),
		]);
	}
	draw();
	const first = body.querySelector(".event");
	if (first && !b.event)
		first.focus();
}
