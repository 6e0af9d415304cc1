// Events bound to a site's elements without a change of its code: what the tag makes of them, and the selectors the overlay finds.
import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildAssets } from "../build.mjs";
import { door, launch, shop, until } from "./site.mjs";

const here = dirname(fileURLToPath(import.meta.url));
let out, browser, d, s, quiet;
const pages = {};
const pause = (ms) => new Promise((k) => setTimeout(k, ms));
const html = (body) => `<!doctype html><meta charset="utf-8"><title>Лавка</title><script async src="${d.url}/cxdp.js" data-key="wk_test"></script>${body}`;

before(async () => {
	out = mkdtempSync(join(tmpdir(), "cxdp-bind-"));
	await buildAssets(out);
	browser = await launch();
	d = await door(join(out, "cxdp.js"));
	s = await shop(pages);
	quiet = d.asked.config;
});
after(async () => {
	await browser.close();
	for (const one of [d, s]) {
		one.server.close();
		one.server.closeAllConnections();
	}
	rmSync(out, { recursive: true, force: true });
});
beforeEach(() => d.reset());

/* A page with bindings, opened and begun. */
async function visit(body, bindings, more = {}, path = "/p/7") {
	pages[path.split("?")[0]] = html(body);
	d.asked.config = { ...quiet, ...more, bindings: bindings.map((b, i) => ({ id: String(i + 1), where: "", once: false, properties: [], selector: "", ...b })) };
	const context = await browser.newContext();
	const tab = await context.newPage();
	tab.errors = [];
	tab.on("pageerror", (e) => tab.errors.push(String(e)));
	await tab.goto(s.url + path);
	await tab.waitForFunction(() => window.cxdp && window.cxdp.version);
	await pause(200);
	return { context, tab };
}
const events = (name) => d.calls("track").filter((c) => !name || c.event === name);
const flush = async (tab) => {
	await tab.evaluate(() => window.cxdp.flush());
	await pause(150);
};

test("a click on what is bound, also on what is inside it, and on what comes later", async () => {
	const { context, tab } = await visit("<div id=box><button class=buy data-sku=7><b>Купить</b></button></div><button class=other>Нет</button>", [
		{ event: "Buy", kind: "click", selector: ".buy", properties: [{ name: "sku", from: "attribute", arg: "data-sku", type: "number" }, { name: "text", from: "text", type: "text" }] },
		{ event: "Broken", kind: "click", selector: ":::no(" }, { event: "Words", kind: "click", selector: "button:text(Нет)" },
		{ event: "Elsewhere", kind: "click", selector: ".buy", where: "/other/*" }]);
	await tab.click(".buy b");
	await tab.evaluate(() => document.getElementById("box").insertAdjacentHTML("beforeend", "<button class='buy late' data-sku=8>Ещё</button>"));
	await tab.click(".late");
	await tab.click(".other");
	await flush(tab);
	assert.deepEqual(events("Buy").map((c) => c.properties), [{ sku: 7, text: "Купить" }, { sku: 8, text: "Ещё" }]);
	assert.equal(events("Buy")[0].context.binding, "1");
	assert.equal(events("Words").length, 1);
	assert.equal(events("Elsewhere").length + events("Broken").length, 0);
	assert.deepEqual(tab.errors, []);
	await context.close();
});

test("a form, an element that is seen, a page; once where it was said", async () => {
	const { context, tab } = await visit("<form onsubmit='return false'><input name=q value=x><button>Ok</button></form><div style='height:3000px'></div><p id=low>Внизу</p>", [
		{ event: "Sent", kind: "submit", selector: "form" }, { event: "Seen", kind: "view", selector: "#low", once: true },
		{ event: "Came", kind: "page", where: "/p/*", properties: [{ name: "n", from: "path", arg: "2", type: "number" }, { name: "from", from: "query", arg: "from", type: "text" }] },
		{ event: "Sent once", kind: "submit", selector: "form", once: true }], {}, "/p/7?from=%D1%8F");
	await flush(tab);
	assert.deepEqual(events("Came").map((c) => c.properties), [{ n: 7, from: "я" }]);
	assert.equal(events("Seen").length, 0);
	await tab.evaluate(() => document.getElementById("low").scrollIntoView());
	await pause(200);
	await tab.evaluate(() => scrollTo(0, 0));
	await tab.click("form button");
	await tab.click("form button");
	await flush(tab);
	await until(() => events("Seen").length === 1, "what is seen");
	assert.equal(events("Sent").length, 2);
	assert.equal(events("Sent once").length, 1);
	await tab.evaluate(() => history.pushState(null, "", "/p/8"));
	await pause(200);
	await flush(tab);
	await until(() => events("Came").length === 2, "another place");
	await context.close();
});

test("what is typed is never read but from a field that was chosen, and no secret from any", async () => {
	const names = ["city", "email", "user_phone", "pass", "card_number", "cc"];
	const { context, tab } = await visit(`<form onsubmit='return false'><input name=city><input name=email><input name=user_phone><input name=pass type=password>
<input name=card_number><input name=cc autocomplete=cc-number><input name=note><textarea>тайна</textarea><div contenteditable id=free>мысли</div><button>Ok</button>
<span data-cxdp-ignore id=off>закрыто</span><i>пиши anna@shop.by</i></form>`, [{ event: "Sent", kind: "submit", selector: "form", properties: [
		...names.map((n) => ({ name: n, from: "input", arg: n, type: "text" })),
		{ name: "form", from: "text", type: "text" }, { name: "area", from: "text", at: "textarea", type: "text" }, { name: "free", from: "text", at: "#free", type: "text" },
		{ name: "off", from: "text", at: "#off", type: "text" }, { name: "value", from: "attribute", arg: "value", at: "[name=note]", type: "text" },
		{ name: "mail", from: "text", at: "i", type: "text" }, { name: "k", from: "const", arg: "1", type: "bool" }] }]);
	for (const n of [...names, "note"])
		await tab.fill(`[name=${n}]`, n === "city" ? "Минск" : "4111 1111 1111 1111");
	await tab.click("form button");
	await flush(tab);
	assert.deepEqual(events("Sent").map((c) => c.properties), [{ city: "Минск", mail: "пиши *", k: true }]);
	await context.close();
});

test("values of the nearest element, of the data layer, numbers as people write them", async () => {
	const { context, tab } = await visit(`<script>dataLayer=[{a:{b:1}},{ecommerce:{value:"1 299,50"}},{a:{b:2}}]</script>
<li><b class=price>1&nbsp;299,50 руб.</b><button>1</button></li><li><b class=price>80</b><button>2</button></li>`, [{ event: "Buy", kind: "click", selector: "button", properties: [
		{ name: "price", from: "text", at: ".price", type: "number" }, { name: "b", from: "layer", arg: "a.b", type: "number" },
		{ name: "value", from: "layer", arg: "ecommerce.value", type: "number" }, { name: "none", from: "layer", arg: "x.y.z", type: "text" }, { name: "proto", from: "layer", arg: "constructor.name", type: "text" }] }]);
	await tab.click("li:nth-child(1) button").catch(() => tab.click("button >> nth=0"));
	await tab.click("button >> nth=1");
	await flush(tab);
	assert.deepEqual(events("Buy").map((c) => c.properties), [{ price: 1299.5, b: 2, value: 1299.5 }, { price: 80, b: 2, value: 1299.5 }]);
	await context.close();
});

test("a visitor's refusal holds for what is bound", async () => {
	const { context, tab } = await visit("<button>x</button>", [{ event: "Buy", kind: "click", selector: "button" }], { consent: "none" });
	await tab.click("button");
	await flush(tab);
	assert.equal(events().length, 0);
	await tab.evaluate(() => window.cxdp.consent("anonymous"));
	await tab.click("button");
	await flush(tab);
	assert.equal(events("Buy").length, 1);
	assert.equal(await tab.evaluate(() => document.cookie), "");
	await context.close();
});

test("who has nothing bound loads nothing for it", async () => {
	d.asked.parts = [];
	const none = await visit("<button>x</button>", []);
	await pause(300);
	assert.deepEqual(d.asked.parts, ["/cxdp.js"]);
	await none.context.close();
	const some = await visit("<button>x</button>", [{ event: "Buy", kind: "click", selector: "button" }]);
	assert.deepEqual(d.asked.parts, ["/cxdp.js", "/cxdp.js", "/cxdp-bound.js"]);
	await some.context.close();
});

test("where: the same cases as the server's", async () => {
	const r = await build({ entryPoints: [join(here, "../js/tag/bind.js")], bundle: true, write: false, format: "esm" });
	const { isAt } = await import("data:text/javascript;base64," + Buffer.from(r.outputFiles[0].contents).toString("base64"));
	for (const line of readFileSync(join(here, "../../t/data/binding-where.txt"), "utf8").split("\n").filter(Boolean)) {
		const [pattern, url, yes] = line.split("\t");
		assert.equal(isAt(pattern, url), yes === "yes", line);
	}
});

test("selectors: what authors named, never what a build did; this one, and all like it", async () => {
	const r = await build({ entryPoints: [join(here, "../js/bind/selector.js")], bundle: true, write: false, format: "iife", globalName: "sel" });
	const context = await browser.newContext();
	const tab = await context.newPage();
	await tab.setContent(`<main id=catalog><div class="card css-1a2b3c"><a class="Button_root__x7Yz2 buy is-active" href="/p/1" id="b-10293">В корзину</a><b data-testid="price-main">1</b></div>
<div class="card css-1a2b3c"><a class="Button_root__x7Yz2 buy" href="/p/2">В корзину</a><b>2</b></div></main>
<button class="css-9z8y7x">Оформить</button><button class="css-9z8y7x">Отмена</button><input name="q"><div><div><span></span><span></span></div></div>`);
	await tab.addScriptTag({ content: r.outputFiles[0].text });
	const at = (css, n = 0) => tab.evaluate(([c, i]) => {
		const el = document.querySelectorAll(c)[i];
		return { one: window.sel.one(el), like: window.sel.like(el), n: window.sel.count(window.sel.one(el)), many: window.sel.count(window.sel.like(el)) };
	}, [css, n]);
	assert.deepEqual(await at("a"), { one: "a[href=\"/p/1\"]", like: "a.buy", n: 1, many: 2 });
	assert.equal((await at("b")).one, "b[data-testid=\"price-main\"]");
	assert.equal((await at("main")).one, "#catalog");
	assert.equal((await at("input")).one, "input[name=\"q\"]");
	assert.equal((await at("body > button")).one, "button:text(Оформить)");
	assert.equal((await at("div.card", 1)).like, "div.card");
	assert.equal((await at("span", 1)).n, 1, "when nothing is named, by its place");
	for (const css of ["a", "b", "button", "div.card", "span"])
		assert.doesNotMatch((await at(css)).one, /css-|x7Yz2|10293|active/);
	await context.close();
});
