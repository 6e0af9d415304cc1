// The tag in a real browser against a real HTTP door.
import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "../build.mjs";
import { door, launch, shop, until } from "./site.mjs";

let out, browser, d, s;
const pages = {};
const pause = (ms) => new Promise((k) => setTimeout(k, ms));

function html({ head = "", body = "", attrs = "" } = {}) {
	return `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Лавка</title>${head}
<script async src="${d.url}/cxdp.js" data-key="wk_test" ${attrs}></script></head><body>${body}</body></html>`;
}

before(async () => {
	out = mkdtempSync(join(tmpdir(), "cxdp-tag-"));
	await buildAssets(out);
	browser = await launch();
	d = await door(join(out, "cxdp.js"));
	s = await shop(pages);
});

after(async () => {
	await browser.close();
	d.server.close();
	s.server.close();
	d.server.closeAllConnections();
	s.server.closeAllConnections();
	rmSync(out, { recursive: true, force: true });
});

beforeEach(() => d.reset());

async function visit(path, page, options = {}) {
	pages[path.split("?")[0]] = html(page);
	const context = await browser.newContext(options);
	const tab = await context.newPage();
	const errors = [];
	tab.on("pageerror", (e) => errors.push(String(e)));
	await tab.goto(s.url + path);
	return { context, tab, errors };
}

const loaded = (tab) => tab.waitForFunction(() => window.cxdp && window.cxdp.version);

test("the tag is small", () => {
	assert.ok(statSync(join(out, "cxdp.js.gz")).size < 8192);
	assert.ok(statSync(join(out, "cxdp-bound.js.gz")).size < 3072, "nor what bindings add, where there are any");
});

test("a page view leaves at once, as text/plain, with its context", async () => {
	const { context } = await visit("/a?utm_source=ya&utm_campaign=sale&email=a@b.by&token=zz&x=1", {});
	await until(() => d.calls("page").length, "a page view", 900);
	const g = d.got.find((x) => x.method === "POST");
	assert.equal(g.url, "/v1/batch");
	assert.match(g.type, /^text\/plain/);
	assert.equal(g.body.writeKey, "wk_test");
	assert.ok(!Number.isNaN(Date.parse(g.body.sentAt)));
	assert.equal(d.got.filter((x) => x.method === "OPTIONS").length, 0, "no preflight");
	const [c] = d.calls("page");
	assert.match(c.messageId, /^tag-[0-9a-f]{32}$/);
	assert.match(c.anonymousId, /^[0-9a-f]{32}$/);
	assert.equal(c.properties.path, "/a");
	assert.equal(c.context.page.title, "Лавка");
	assert.equal(c.context.library.name, "cxdp.js");
	assert.deepEqual(c.context.campaign, { source: "ya", name: "sale" });
	assert.ok(c.context.timezone && c.context.locale && c.context.screen.width > 0);
	assert.ok(!/a@b\.by|zz/.test(g.text), "nothing telling leaves");
	assert.match(c.context.page.url, /email=\*&token=\*&x=1$/);
	await context.close();
});

test("the id is kept in a cookie for 13 months and restored from its mirror", async () => {
	const { context, tab } = await visit("/id", {});
	await until(() => d.calls("page").length, "a page view");
	const id = d.calls("page")[0].anonymousId;
	const [cookie] = (await context.cookies()).filter((c) => c.name === "cxdp_id");
	assert.equal(cookie.value, id);
	assert.equal(cookie.sameSite, "Lax");
	const days = (cookie.expires - Date.now() / 1000) / 86400;
	assert.ok(days > 390 && days < 401, String(days));
	await context.clearCookies();
	await tab.goto(s.url + "/id?second");
	await until(() => d.calls("page").length > 1, "the second view");
	assert.equal(d.calls("page")[1].anonymousId, id);
	await context.close();
});

test("calls made before the tag arrived are kept, in order", async () => {
	const { context } = await visit("/queue", {
		head: `<script>window.cxdp=window.cxdp||[];cxdp.push(["track","Early",{n:1}]);cxdp.push(["track","Later",{n:2}])</script>`,
	});
	await until(() => d.calls("track").length === 2, "two events");
	assert.deepEqual(d.calls("track").map((c) => [c.event, c.properties.n]), [["Early", 1], ["Later", 2]]);
	await context.close();
});

test("places of a single page application count once each", async () => {
	const { context, tab } = await visit("/spa", {});
	await loaded(tab);
	await tab.evaluate(() => {
		history.replaceState({}, "", "/spa");
		history.pushState({}, "", "/spa/two");
		history.replaceState({ again: 1 }, "", "/spa/two");
	});
	await until(() => d.calls("page").length === 2, "the second place");
	await tab.evaluate(() => history.pushState({}, "", "/spa/three"));
	await until(() => d.calls("page").length === 3, "the third place");
	await tab.evaluate(() => history.back());
	await until(() => d.calls("page").length === 4, "the way back");
	await pause(1300);
	assert.deepEqual(d.calls("page").map((c) => c.properties.path), ["/spa", "/spa/two", "/spa/three", "/spa/two"]);
	assert.match(d.calls("page")[2].properties.referrer, /\/spa\/two$/);
	await context.close();
});

test("identify is remembered by later calls and pages; reset forgets", async () => {
	const { context, tab } = await visit("/who", {});
	await loaded(tab);
	await tab.evaluate(() => {
		cxdp.identify(42, { email: "o@example.by" });
		cxdp.track("Order Completed", { total: 86.4, products: [{ sku: "a", at: new Date(0) }] });
	});
	await until(() => d.calls("track").length, "the event");
	const anon = d.calls("identify")[0].anonymousId;
	assert.equal(d.calls("identify")[0].userId, "42");
	assert.equal(d.calls("identify")[0].traits.email, "o@example.by");
	assert.equal(d.calls("track")[0].userId, "42");
	assert.deepEqual(d.calls("track")[0].properties, { total: 86.4, products: [{ sku: "a", at: "1970-01-01T00:00:00.000Z" }] });
	await tab.reload();
	await until(() => d.calls("page").length === 2, "the next page");
	assert.equal(d.calls("page")[1].userId, "42");
	await loaded(tab);
	await tab.evaluate(() => {
		cxdp.reset();
		cxdp.track("After");
	});
	const last = await until(() => d.calls("track").find((c) => c.event === "After"), "the event after");
	assert.equal(last.userId, undefined);
	assert.notEqual(last.anonymousId, anon);
	await context.close();
});

const form = (extra) => `<form id="f" method="post" action="/thanks" data-cxdp-form="News">
<input name="name" value="Ольга"><input type="email" name="e" value="olga@example.by">
<input data-cxdp="city" name="town" value="Минск"><input type="password" name="email2" value="hunter2">
<input type="hidden" name="phone" value="+375000"><input name="card_number" value="4111111111111111">
<input name="surname" value="4111 1111 1111 1111"><input data-cxdp="phone" type="tel" name="t" value="+375291234567">
<input name="comment" value="просто так"><input name="elements" value="x">
<label><input type="checkbox" name="c" ${extra} data-cxdp-consent="email sms"> Хочу письма и   SMS</label>
<button>Ок</button></form>`;

test("a form that asked: traits, and consent because the box is ticked", async () => {
	const { context, tab } = await visit("/form", { body: form("checked") });
	pages["/thanks"] = "<title>Спасибо</title>ok";
	await loaded(tab);
	await Promise.all([tab.waitForURL("**/thanks"), tab.click("button")]);
	const id = await until(() => d.calls("identify")[0], "identify");
	assert.deepEqual(id.traits, { first_name: "Ольга", email: "olga@example.by", city: "Минск", phone: "+375291234567" });
	assert.deepEqual(id.context.consent.map((c) => [c.channel, c.granted, c.text]),
		[["email", true, "Хочу письма и SMS"], ["sms", true, "Хочу письма и SMS"]]);
	assert.match(id.context.consent[0].url, /\/form$/);
	assert.ok(!Number.isNaN(Date.parse(id.context.consent[0].at)));
	const t = await until(() => d.calls("track")[0], "Form Submitted");
	assert.equal(t.event, "Form Submitted");
	assert.equal(t.properties.form, "News");
	const all = JSON.stringify(d.got.map((g) => g.body));
	assert.ok(!/hunter2|4111|\+375000|просто так/.test(all), "nothing that was not asked for");
	await context.close();
});

test("a box that is not ticked gives no consent", async () => {
	const { context, tab } = await visit("/form2", { body: form("") });
	await loaded(tab);
	await Promise.all([tab.waitForURL("**/thanks"), tab.click("button")]);
	const id = await until(() => d.calls("identify")[0], "identify");
	assert.equal(id.context.consent, undefined);
	assert.equal(id.traits.email, "olga@example.by");
	await context.close();
});

test("a form that did not ask is left alone", async () => {
	const { context, tab } = await visit("/form3", {
		body: form("checked").replace('data-cxdp-form="News"', ""), attrs: 'data-forms="all"',
	});
	await loaded(tab);
	await Promise.all([tab.waitForURL("**/thanks"), tab.click("button")]);
	await pause(1200);
	assert.equal(d.calls("identify").length, 0);
	assert.equal(d.calls("track").length, 0);
	await context.close();
});

test("what waits leaves by beacon when the page goes", async () => {
	const { context, tab } = await visit("/leave", {});
	await until(() => d.calls("page").length, "a page view");
	await loaded(tab);
	await tab.evaluate(() => {
		navigator.sendBeacon = new Proxy(navigator.sendBeacon, {
			apply: (f, self, args) => {
				sessionStorage.beacon = "1";
				return f.apply(navigator, args);
			},
		});
		cxdp.track("Last Words");
		location.href = "/thanks";
	});
	await tab.waitForURL("**/thanks");
	await until(() => d.calls("track").length === 1, "the last event");
	assert.equal(await tab.evaluate(() => sessionStorage.beacon), "1");
	await context.close();
});

test("503 is tried again, once delivered counts once, Retry-After is honoured", async () => {
	d.answers.push({ status: 503 }, { status: 429, after: "2" });
	const { context, tab } = await visit("/retry", {});
	await loaded(tab);
	await until(() => d.calls("page").length === 1, "delivery", 9000);
	const posts = d.got.filter((g) => g.method === "POST");
	assert.deepEqual(posts.slice(0, 3).map((g) => g.status), [503, 429, 200]);
	assert.equal(posts[0].body.batch[0].messageId, posts[2].body.batch[0].messageId);
	assert.ok(posts[2].at - posts[1].at >= 1950, "waited as asked");
	// the tag forgets a batch when the answer is in, which is a moment after it was taken here
	await tab.waitForFunction(() => !Object.keys(localStorage).some((k) => k.startsWith("cxdp_queue")), null, { timeout: 5000 });
	await context.close();
});

test("what could not be sent is sent by the next page", async () => {
	d.answers.push({ status: 503 }, { status: 503 });
	const { context, tab } = await visit("/later", {});
	await until(() => d.got.some((g) => g.status === 503), "a refusal");
	const first = d.got.find((g) => g.status === 503).body.batch[0].messageId;
	await pause(200);
	d.answers.length = 0;
	await tab.goto(s.url + "/later?again");
	await until(() => d.calls("page").some((c) => c.messageId === first), "the old view");
	await context.close();
});

test("400 is never tried again", async () => {
	d.answers.push({ status: 400 });
	const { context, tab } = await visit("/bad", {});
	await until(() => d.got.length === 1, "a refusal");
	await loaded(tab);
	await tab.evaluate(() => cxdp.track("Next"));
	await until(() => d.calls("track").length === 1, "the next event");
	await pause(2000);
	assert.equal(d.calls("page").length, 0);
	await context.close();
});

test("no more than 200 wait, in batches of ten", async () => {
	for (let i = 0; i < 3; i++)
		d.answers.push({ status: 503 });
	const { context, tab } = await visit("/many", {});
	await until(() => d.got.length, "a refusal");
	await loaded(tab);
	await tab.evaluate(() => {
		for (let i = 0; i < 260; i++)
			cxdp.track("E" + i);
	});
	const kept = await tab.evaluate(() => JSON.parse(localStorage[Object.keys(localStorage).find((k) => k.startsWith("cxdp_queue"))]).length);
	assert.equal(kept, 200);
	d.answers.length = 0;
	await until(() => d.calls("track").some((c) => c.event === "E259"), "the last", 12000);
	assert.ok(d.got.every((g) => g.body.batch.length <= 10));
	assert.equal(d.calls("track").length, new Set(d.calls("track").map((c) => c.messageId)).size);
	await context.close();
});

test("consent: none sends and keeps nothing, anonymous keeps nothing, full resumes", async () => {
	const { context, tab } = await visit("/consent", { attrs: 'data-consent="none"' });
	await loaded(tab);
	await tab.evaluate(() => cxdp.track("Hidden"));
	await pause(1300);
	assert.equal(d.got.length, 0);
	assert.equal((await context.cookies()).length, 0);
	await tab.evaluate(() => cxdp.consent("anonymous"));
	await until(() => d.calls("page").length === 1, "an anonymous view");
	assert.equal((await context.cookies()).length, 0);
	await tab.evaluate(() => {
		cxdp.identify("77", { email: "x@example.by" });
		cxdp.consent("full");
		cxdp.track("Seen");
	});
	await until(() => d.calls("track").length === 1, "a full event");
	assert.equal((await context.cookies()).length, 1);
	assert.equal(d.calls("identify")[0].userId, undefined);
	assert.ok(!JSON.stringify(d.calls()).includes("x@example.by"), "anonymous says nobody's name");
	await tab.evaluate(() => {
		cxdp.track("Never");
		cxdp.consent("none");
	});
	assert.equal((await context.cookies()).length, 0);
	await tab.reload();
	await pause(1300);
	assert.ok(!d.calls().some((c) => c.event === "Never"));
	assert.equal(d.calls("page").length, 1, "the choice is remembered");
	await context.close();
});

test("consent the page pushed before the tag was there holds from the beginning", async () => {
	const head = (word) => `<script>window.cxdp = []; cxdp.push(["track", "Early"]); cxdp.push(["consent", "${word}"]);</script>`;
	const none = await visit("/pushed-none", { head: head("none") });
	await loaded(none.tab);
	await pause(1300);
	assert.equal(d.got.length, 0, "none: nothing is sent");
	assert.equal((await none.context.cookies()).length, 0, "nor kept");
	await none.context.close();
	d.reset();
	const anonymous = await visit("/pushed-anonymous", { head: head("anonymous") });
	await until(() => d.calls("track").some((c) => c.event === "Early"), "anonymous events");
	assert.equal((await anonymous.context.cookies()).length, 0, "anonymous: no cookie");
	assert.equal(d.calls("page").length, 1);
	await anonymous.context.close();
	d.reset();
	const full = await visit("/pushed-full", { attrs: 'data-consent="none"', head: head("full") });
	await until(() => d.calls("track").some((c) => c.event === "Early"), "full events");
	assert.equal((await full.context.cookies()).length, 1, "full: the cookie");
	assert.equal(d.calls("page").length, 1, "one view");
	await full.tab.reload();
	await until(() => d.calls("page").length === 2, "a second view");
	await full.context.close();
});

test("Do Not Track is respected when asked to", async () => {
	const init = () => Object.defineProperty(navigator, "globalPrivacyControl", { value: true });
	for (const [path, attrs, views] of [["/dnt", "data-respect-dnt", 0], ["/nodnt", "", 1]]) {
		d.reset();
		pages[path] = html({ attrs });
		const context = await browser.newContext();
		const tab = await context.newPage();
		await tab.addInitScript(init);
		await tab.goto(s.url + path);
		await loaded(tab);
		await pause(800);
		assert.equal(d.calls("page").length, views, path);
		await context.close();
	}
});

test("a page that breaks things keeps working, and so does the tag", async () => {
	const head = `<script>
JSON.stringify = function () { throw new Error("patched"); };
Array.prototype.toJSON = function () { return "broken"; };
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
Object.defineProperty(document, "cookie", { get() { throw new Error("no"); }, set() { throw new Error("no"); } });
Object.freeze(history);
</script>`;
	const { context, tab, errors } = await visit("/hostile", { head });
	await loaded(tab);
	await tab.evaluate(() => {
		const loop = { n: 1, f() {}, el: document.body, bad: "\ud800", nil: "a\0b", nan: NaN };
		loop.self = loop;
		cxdp.track("Odd", loop);
		cxdp.track();
		cxdp.identify(null);
		cxdp.push("x", null, ["nothing"], ["constructor"]);
		cxdp.consent("maybe");
		const trap = new Proxy({}, { ownKeys() { throw new Error("trap"); } });
		cxdp.track("Trap", trap);
		delete window.fetch;
		history.pushState({}, "", "/hostile/2");
	});
	const odd = await until(() => d.calls("track").find((c) => c.event === "Odd"), "the event");
	assert.equal(odd.properties.n, 1);
	assert.equal(odd.properties.nan, null);
	assert.deepEqual(Object.keys(odd.properties).sort(), ["bad", "n", "nan", "nil"]);
	assert.equal(odd.properties.bad + odd.properties.nil, "\ufffda\ufffdb", "what no server takes does not cost the whole batch");
	assert.deepEqual(errors, []);
	await context.close();
});

test("a door that is down does not break the page", async () => {
	const { context, tab, errors } = await visit("/down", {});
	await loaded(tab);
	await context.route("**/v1/batch", (r) => r.abort());
	await tab.evaluate(() => cxdp.track("Lost?"));
	await pause(1500);
	assert.deepEqual(errors, []);
	await context.unroute("**/v1/batch");
	await until(() => d.calls("track").length === 1, "the event after all", 9000);
	await context.close();
});
