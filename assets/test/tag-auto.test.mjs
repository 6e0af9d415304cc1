// What the tag sees by itself, and what it leaves alone, in a real browser.
import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "../build.mjs";
import { door, launch, shop, until } from "./site.mjs";

let out, browser, d, s;
const pages = {};
const pause = (ms) => new Promise((k) => setTimeout(k, ms));

function html(body, attrs = "", head = "", title = "Лавка") {
	return `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>${title}</title>${head}
<script async src="${d.url}/cxdp.js" data-key="wk_test" ${attrs}></script></head><body>${body}</body></html>`;
}

before(async () => {
	out = mkdtempSync(join(tmpdir(), "cxdp-auto-"));
	await buildAssets(out);
	browser = await launch();
	d = await door(join(out, "cxdp.js"));
	s = await shop(pages);
});

after(async () => {
	await browser.close();
	for (const one of [d, s]) {
		one.server.close();
		one.server.closeAllConnections();
	}
	rmSync(out, { recursive: true, force: true });
});

beforeEach(() => {
	d.reset();
	d.asked.config = {};
});

async function visit(path, page, options = {}) {
	pages[path.split("?")[0]] = page;
	const context = await browser.newContext(options);
	const tab = await context.newPage();
	const errors = [];
	tab.on("pageerror", (e) => errors.push(String(e)));
	await tab.goto(s.url + path);
	return { context, tab, errors };
}

const events = (name) => d.calls("track").filter((c) => c.event === name);
const one = (name) => until(() => events(name)[0], name);
const kept = (tab) => tab.evaluate(() => document.cookie + Object.keys(localStorage).join());
/* A script that stops links from leading away, so that a test may go on clicking. */
const stay = "<script>addEventListener('click', (e) => { if (e.target.closest('a')) e.preventDefault(); });</script>";

test("a visit begins once: its first event says so, the others belong to it", async () => {
	const { context, tab } = await visit("/s?utm_source=ya", html(""));
	const begun = await one("Session Started");
	assert.equal(begun.context.session.start, true);
	assert.equal(begun.context.session.number, 1);
	const view = await until(() => d.calls("page")[0], "a view");
	assert.equal(view.context.session.id, begun.context.session.id);
	assert.equal(view.context.session.start, undefined);
	await tab.goto(s.url + "/s?utm_source=ya");
	await until(() => d.calls("page").length === 2, "a second view");
	assert.equal(events("Session Started").length, 1);
	await tab.goto(s.url + "/s?utm_source=vk");
	await until(() => events("Session Started").length === 2, "another campaign begins another visit");
	assert.equal(events("Session Started")[1].context.session.number, 2);
	await tab.evaluate(() => {
		const held = JSON.parse(localStorage.cxdp_session);
		held.at -= 31 * 60000;
		localStorage.cxdp_session = JSON.stringify(held);
	});
	await tab.goto(s.url + "/s");
	await until(() => events("Session Started").length === 3, "after 30 minutes of silence as well");
	await context.close();
});

test("clicks: a button, a link, another site, a file; not what is to be ignored", async () => {
	const { context, tab } = await visit("/c", html(`<button id="b">Купить anna@shop.by</button><a id="l" href="/x?token=zz">Дальше</a>
<a id="o" href="https://other.example/p?email=q@q.by">Там</a><a id="f" href="/files/price.pdf">Прайс</a>
<button id="i" data-cxdp-ignore>Тайна</button>${stay}`));
	await until(() => d.calls("page").length, "a view");
	await pause(100);
	for (const id of ["b", "l", "o", "f", "i"]) {
		await tab.click("#" + id);
		await pause(50);
	}
	const file = await one("File Downloaded");
	assert.equal(file.properties.file, "price.pdf");
	assert.match((await one("Outbound Link Clicked")).properties.href, /^https:\/\/other\.example\/p\?email=\*$/);
	await until(() => events("Clicked").length === 2, "both clicks");
	assert.equal(events("Clicked")[0].properties.text, "Купить *");
	assert.match(events("Clicked")[1].properties.href, /token=\*$/);
	assert.ok(!d.got.some((g) => /Тайна|anna@|q@q/.test(g.text)));
	await context.close();
});

test("three clicks in a row at one place are angry ones", async () => {
	const { context, tab } = await visit("/r", html("<div id=\"x\">Мёртвая кнопка</div>"));
	await until(() => d.calls("page").length, "a view");
	await pause(100);
	for (let i = 0; i < 3; i++)
		await tab.click("#x");
	assert.equal((await one("Rage Clicked")).properties.text, "Мёртвая кнопка");
	await context.close();
});

test("scrolling, copying, the time on the page", async () => {
	const { context, tab } = await visit("/p", html("<p>Слово слово</p><div style=\"height:5000px\"></div>"));
	await until(() => d.calls("page").length, "a view");
	await tab.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
	assert.equal((await one("Page Scrolled")).properties.percent, 100);
	await tab.evaluate(() => {
		getSelection().selectAllChildren(document.querySelector("p"));
		document.execCommand("copy");
	});
	const copied = await one("Text Copied");
	assert.deepEqual([copied.properties.length, JSON.stringify(copied.properties).includes("лово")], [11, false]);
	await pause(1100);
	pages["/p2"] = html("");
	await tab.goto(s.url + "/p2");
	const left = await one("Page Left");
	assert.ok(left.properties.seconds >= 1 && left.properties.percent === 100);
	assert.match(left.context.page.path, /^\/p$/);
	await context.close();
});

test("forms: begun and sent, never what was typed; abandoned only when asked for", async () => {
	const form = `<form id="order" action="/done"><input name="email" value=""><input name="card"><button>OK</button></form>
<form id="find"><input type="search" name="q"></form><script>addEventListener("submit", (e) => e.preventDefault());</script>`;
	const { context, tab } = await visit("/f", html(form));
	await until(() => d.calls("page").length, "a view");
	await pause(100);
	await tab.fill("#order input[name=email]", "secret@shop.by");
	assert.deepEqual((await one("Form Started")).properties, { form: "order" });
	pages["/f2"] = html("");
	await tab.goto(s.url + "/f2");
	await until(() => d.calls("page").length === 2, "the next page");
	assert.equal(events("Form Abandoned").length, 0, "off by default");
	d.asked.config = { events: { form_abandon: true } };
	await tab.goto(s.url + "/f");
	await until(() => d.calls("page").length === 3, "the form again");
	await pause(100);
	await tab.fill("#order input[name=email]", "secret@shop.by");
	await tab.fill("#order input[name=card]", "4111111111111111");
	await tab.goto(s.url + "/f2");
	assert.deepEqual((await one("Form Abandoned")).properties, { form: "order" });
	await until(() => d.calls("page").length === 4, "the page after it");
	await tab.goto(s.url + "/f");
	await until(() => d.calls("page").length === 5, "and again");
	await pause(100);
	await tab.click("#order button");
	assert.equal((await one("Form Submitted")).properties.form, "order");
	await tab.fill("#find input", "красные туфли anna@shop.by");
	await tab.press("#find input", "Enter");
	assert.equal((await one("Products Searched")).properties.query, "красные туфли *");
	assert.ok(!d.got.some((g) => /secret@|4111/.test(g.text)), "no value leaves");
	await context.close();
});

test("a page that says it is not there; a video", async () => {
	const { context, tab } = await visit("/nope", html("<video id=\"v\" title=\"Ролик\"></video>", "", "<meta name=\"cxdp:status\" content=\"404\">"));
	assert.equal((await one("Page Not Found")).properties.path, "/nope");
	await tab.evaluate(() => {
		for (const name of ["play", "play", "ended"])
			document.getElementById("v").dispatchEvent(new Event(name));
	});
	assert.equal((await one("Video Playback Completed")).properties.title, "Ролик");
	assert.equal(events("Video Playback Started").length, 1);
	await context.close();
});

test("purchases out of the data layer, GA4's and the older way", async () => {
	const head = `<script>window.dataLayer = [{ event: "view_item", ecommerce: { currency: "BYN", items: [{ item_id: "7", item_name: "Чай", item_category: "чай", price: "4,50" }] } }];
function gtag() { dataLayer.push(arguments); }</script>`;
	const { context, tab, errors } = await visit("/d", html("", "", head));
	assert.deepEqual((await one("Product Viewed")).properties, { product_id: "7", name: "Чай", category: "чай", price: 4.5, currency: "BYN" });
	await tab.evaluate(() => {
		gtag("event", "purchase", { transaction_id: 17, value: 42, currency: "BYN", items: [{ item_id: "7", quantity: 2 }] });
		dataLayer.push({ ecommerce: { currencyCode: "BYN", add: { products: [{ id: "8", name: "Мёд", price: 9, quantity: 1 }] } } });
		dataLayer.push({ event: "gtm.js" }, null, "x", { ecommerce: { purchase: 5 } });
	});
	assert.deepEqual((await one("Order Completed")).properties, { currency: "BYN", total: 42, order_id: "17", products: [{ product_id: "7", quantity: 2 }] });
	assert.deepEqual((await one("Product Added")).properties, { product_id: "8", name: "Мёд", price: 9, quantity: 1, currency: "BYN" });
	assert.deepEqual(errors, []);
	await context.close();
});

test("what the source turns off is not sent", async () => {
	d.asked.config = { events: { click: false, session: false, page: false, scroll: false, ecommerce: false } };
	const { context, tab } = await visit("/off", html("<button>Раз</button>", "", "<script>dataLayer = [{ event: 'purchase', ecommerce: {} }]</script>"));
	await tab.waitForFunction(() => window.cxdp && window.cxdp.version);
	await pause(300);
	await tab.click("button");
	await tab.evaluate(() => cxdp.track("Mine"));
	const mine = await one("Mine");
	assert.equal(mine.context.session.start, true, "the visit still begins somewhere");
	assert.deepEqual(d.calls().map((c) => c.event), ["Mine"]);
	await context.close();
});

test("nothing is stored or sent before the rules are here; the source's consent holds until the visitor chooses", async () => {
	d.asked.status = 503;
	const { context, tab } = await visit("/k", html(""));
	await until(() => d.asked.n > 0, "a question");
	await pause(600);
	assert.equal(d.got.length, 0);
	assert.equal(await kept(tab), "");
	d.asked.status = 0;
	d.asked.config = { consent: "anonymous" };
	const view = await until(() => d.calls("page")[0], "a view after the second question", 8000);
	assert.match(view.anonymousId, /^[0-9a-f]{32}$/);
	assert.equal(await kept(tab), "");
	await tab.reload();
	const second = await until(() => d.calls("page")[1], "a second view");
	assert.notEqual(second.anonymousId, view.anonymousId, "nobody is recognised");
	await tab.evaluate(() => cxdp.consent("full"));
	assert.match(await kept(tab), /cxdp_id/);
	d.asked.config = { consent: "none" };
	await tab.reload();
	await until(() => d.calls("page").length === 3, "the visitor's own choice holds");
	await context.close();
	const other = await visit("/k2", html(""));
	await until(() => d.asked.n > 3, "another visitor");
	await pause(1300);
	assert.equal(d.calls("page").length, 3, "a source that sends nothing until asked");
	assert.equal(await kept(other.tab), "");
	await other.context.close();
});

test("a source may respect Do Not Track for its pages", async () => {
	d.asked.config = { respect_dnt: true };
	pages["/gpc"] = html("");
	const context = await browser.newContext();
	const tab = await context.newPage();
	await tab.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true }));
	await tab.goto(s.url + "/gpc");
	await until(() => d.asked.n, "a question");
	await pause(1300);
	assert.equal(d.got.length, 0);
	assert.equal(await kept(tab), "");
	await context.close();
});

test("masks of the source, and a token of identity with identify", async () => {
	d.asked.config = { mask: ["loyalty"] };
	const { context, tab } = await visit("/m?loyalty=77&x=1", html(""));
	const view = await until(() => d.calls("page")[0], "a view");
	assert.match(view.context.page.url, /loyalty=\*&x=1$/);
	await tab.evaluate(() => cxdp.identify("u1", { plan: "a" }, { identityToken: "t0" }));
	assert.equal((await until(() => d.calls("identify")[0], "identify")).context.identityToken, "t0");
	await context.close();
});
