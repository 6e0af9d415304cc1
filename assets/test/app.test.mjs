// The page scripts in a real browser, under the very policy the pages have.
import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "../build.mjs";
import { lintCss, lintJs } from "../lint.mjs";
import { launch, listen, until } from "./site.mjs";

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
let out, manifest, browser, site, context, tab, seen, problems;
const bodies = {};

before(async () => {
	out = mkdtempSync(join(tmpdir(), "cxdp-app-"));
	manifest = await buildAssets(out);
	browser = await launch();
	site = await listen((req, res) => {
		const path = req.url.split("?")[0];
		if (path.startsWith("/assets/")) {
			const types = { css: "text/css", js: "text/javascript", svg: "image/svg+xml", woff2: "font/woff2" };
			res.setHeader("Content-Type", types[path.split(".").pop()] || "application/json");
			res.end(readFileSync(join(out, path.slice(8))));
			return;
		}
		const parts = [];
		req.on("data", (d) => parts.push(d));
		req.on("end", () => {
			seen.push({ method: req.method, url: req.url, headers: req.headers, body: Buffer.concat(parts).toString() });
			const body = bodies[path];
			res.setHeader("Content-Type", "text/html; charset=utf-8");
			res.setHeader("Content-Security-Policy", policy);
			if (!body)
				res.statusCode = 404;
			const text = typeof body === "function" ? body(req, res) : body || "";
			setTimeout(() => res.end(text), path.startsWith("/slow") ? 400 : 0);
		});
	});
});

after(async () => {
	await browser.close();
	site.server.close();
	site.server.closeAllConnections();
	rmSync(out, { recursive: true, force: true });
});

beforeEach(() => {
	seen = [];
});

function page(body, { theme = "light", scripts = ["app"], lang = "ru" } = {}) {
	return `<!doctype html><html lang="${lang}" data-bs-theme="${theme}" data-zone="Europe/Minsk"><head><meta charset="utf-8">
<title>t</title><meta name="csrf" content="tok123"><link rel="stylesheet" href="/assets/${manifest["app.css"]}">
${scripts.map((s) => `<script defer src="/assets/${manifest[s + ".js"]}"></script>`).join("")}</head><body>${body}</body></html>`;
}

async function open(body, options = {}) {
	bodies["/"] = page(body, options);
	context = await browser.newContext({ viewport: { width: 1200, height: 800 }, javaScriptEnabled: options.script !== false });
	tab = await context.newPage();
	problems = [];
	tab.on("pageerror", (e) => problems.push(String(e)));
	tab.on("console", (m) => /Content Security Policy|error/i.test(m.text()) && problems.push(m.text()));
	await tab.goto(site.url + "/");
}

async function done() {
	assert.deepEqual(problems, [], "no errors, no refusals by the policy");
	await context.close();
}

test("the same sources give the same bytes", async () => {
	const other = mkdtempSync(join(tmpdir(), "cxdp-app-"));
	try {
		assert.deepEqual(await buildAssets(other), manifest);
		assert.equal(readFileSync(join(other, "manifest.json"), "utf8"), readFileSync(join(out, "manifest.json"), "utf8"));
	} finally {
		rmSync(other, { recursive: true, force: true });
	}
});

test("the lint refuses what the oldest browsers lack", () => {
	for (const css of ["a:has(b){}", "a{& b{}}", "@container x{}", "a{color:oklch(1 0 0)}", "a{color:light-dark(#fff,#000)}",
		"a{color:color-mix(in srgb,red,blue)}", "@media (width>=3px){}", "a{height:100dvh}"])
		assert.throws(() => lintCss("x.css", css), undefined, css);
	lintCss("x.css", 'a{content:":has(";color:#fff} /* light-dark( */ @media (max-width:3px){a>b{}}');
	for (const js of ["/(?<=a)b/", "[].toSorted()", "Object.groupBy(a, b)"])
		assert.throws(() => lintJs("x.js", js), undefined, js);
	assert.throws(() => lintJs("x.js", "a.innerHTML = b", true));
	lintJs("x.js", "[1].findLast(Boolean)");
});

test("the stylesheet is under 60 KB", () => {
	assert.ok(readFileSync(join(out, manifest["app.css"])).length < 60000);
});

test("theme: a press turns it, the cookie tells the server", async () => {
	await open('<button data-theme-toggle aria-label="Тема">t</button>');
	const colour = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
	assert.equal(await colour(), "rgb(246, 247, 249)");
	await tab.click("button");
	assert.equal(await colour(), "rgb(19, 22, 27)");
	assert.equal((await context.cookies()).find((c) => c.name === "theme").value, "dark");
	await done();
});

test("theme: without an attribute the system decides, also without script", async () => {
	await open("x", { script: false });
	bodies["/"] = bodies["/"].replace(' data-bs-theme="light"', "");
	await tab.emulateMedia({ colorScheme: "dark" });
	await tab.reload();
	const png = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor).catch(() => null);
	assert.equal(png, "rgb(19, 22, 27)");
	await context.close();
});

test("menus: one at a time, Escape and outside close, arrows walk", async () => {
	await open(`<details class="drop" id="a"><summary class="tb">А</summary><div class="menu"><a href="#1">1</a><a href="#2">2</a></div></details>
<details class="drop" id="b"><summary class="tb">Б</summary><div class="menu"><a href="#3">3</a></div></details><p id="out">вне</p>`);
	const opened = () => tab.$$eval("details[open]", (l) => l.map((d) => d.id));
	await tab.click("#a summary");
	await tab.keyboard.press("ArrowDown");
	await tab.keyboard.press("ArrowDown");
	assert.equal(await tab.evaluate(() => document.activeElement.textContent), "2");
	await tab.click("#b summary");
	assert.deepEqual(await opened(), ["b"]);
	await tab.keyboard.press("Escape");
	assert.deepEqual(await opened(), []);
	await tab.click("#a summary");
	await tab.click("#out", { position: { x: 400, y: 2 } });
	assert.deepEqual(await opened(), []);
	await done();
});

test("keys: / focuses the search, ? opens the list, typing is left alone", async () => {
	await open(`<form class="search"><input name="q"></form><textarea id="t"></textarea>
<dialog id="shortcuts"><button data-close>x</button></dialog>`);
	await tab.keyboard.press("/");
	assert.equal(await tab.evaluate(() => document.activeElement.name), "q");
	await tab.keyboard.type("a/b?");
	assert.equal(await tab.inputValue("[name=q]"), "a/b?");
	await tab.keyboard.press("Escape");
	await tab.keyboard.press("?");
	assert.equal(await tab.evaluate(() => document.querySelector("dialog").open), true);
	await tab.click("[data-close]");
	assert.equal(await tab.evaluate(() => document.querySelector("dialog").open), false);
	await done();
});

test("confirm: nothing happens before yes, native and htmx", async () => {
	bodies["/post"] = page("сделано");
	bodies["/frag"] = "<b>готово</b>";
	await open(`<form method="post" action="/post"><button id="n" name="act" value="wipe" data-confirm="Стереть 12 профилей?"
data-confirm-yes="Стереть 12 профилей" data-confirm-bad>Стереть</button></form>
<button id="h" hx-post="/frag" hx-target="#o" data-confirm="Точно?">h</button><div id="o"></div>`);
	await tab.click("#h");
	await tab.click("dialog .btn-o");
	assert.equal(seen.filter((s) => s.url === "/frag").length, 0);
	await tab.click("#h");
	await tab.click("dialog .btn-p");
	await tab.waitForSelector("#o b");
	const frag = seen.find((s) => s.url === "/frag");
	assert.equal(frag.headers["x-csrf-token"], "tok123");
	await tab.click("#n");
	assert.equal(await tab.textContent("dialog .btn-bad"), "Стереть 12 профилей");
	await Promise.all([tab.waitForURL("**/post"), tab.click("dialog .btn-bad")]);
	const posts = seen.filter((s) => s.url === "/post");
	assert.equal(posts.length, 1);
	assert.equal(posts[0].body, "act=wipe");
	await done();
});

test("a second submit while the first is under way does nothing", async () => {
	bodies["/slow"] = page("ок");
	await open('<form method="post" action="/slow"><input name="a" value="1"><button id="b">Ок</button></form>');
	await tab.evaluate(() => {
		document.getElementById("b").click();
		document.getElementById("b").click();
		setTimeout(() => document.getElementById("b").click(), 50);
	});
	await tab.waitForURL("**/slow");
	assert.equal(seen.filter((s) => s.url === "/slow").length, 1);
	await done();
});

test("leaving with changes asks, a saved form does not", async () => {
	bodies["/saved"] = page("ок");
	await open(`<form data-dirty method="post" action="/saved"><input name="a"><span data-dirty-note hidden>не сохранено</span><button>Ок</button></form><a href="/saved">x</a>`);
	await tab.type("[name=a]", "x");
	assert.equal(await tab.isVisible("[data-dirty-note]"), true);
	let asked = 0;
	tab.on("dialog", (d) => {
		asked++;
		d.dismiss();
	});
	await tab.click("a", { noWaitAfter: true });
	await until(() => asked === 1, "the question");
	await Promise.all([tab.waitForURL("**/saved"), tab.click("button")]);
	assert.equal(asked, 1);
	await done();
});

test("rows: all, one, a range by Shift, none", async () => {
	await open(`<form><table class="t"><thead><tr><th><input type="checkbox" class="ck" data-check-all aria-label="Все"></th></tr></thead><tbody>
${[1, 2, 3, 4].map((n) => `<tr><td><input type="checkbox" class="ck" name="id" value="${n}" data-check-row aria-label="${n}"></td></tr>`).join("")}
</tbody></table><div class="bulk" data-check-bar hidden><span data-check-count></span><button type="button" data-check-none>x</button></div></form>`);
	const count = () => tab.textContent("[data-check-count]");
	await tab.click("[value='1']");
	await tab.click("[value='3']", { modifiers: ["Shift"] });
	assert.equal(await count(), "3");
	assert.equal(await tab.$eval("[data-check-all]", (e) => e.indeterminate), true);
	assert.equal(await tab.$$eval("tr.sel-row", (l) => l.length), 3);
	await tab.click("[data-check-all]");
	assert.equal(await count(), "4");
	await tab.click("[data-check-none]");
	assert.equal(await tab.isVisible(".bulk"), false);
	await done();
});

test("times are relative, in Russian and English, with the exact one beside", async () => {
	const ago = (s) => new Date(Date.now() - s * 1000).toISOString();
	const times = `<time id="a" datetime="${ago(125)}" data-rel>x</time><time id="b" datetime="${ago(5 * 3600 + 60)}" data-rel="short">x</time>
<time id="c" datetime="2024-03-04T21:30:00Z" data-rel>x</time>`;
	await open(times);
	assert.equal(await tab.textContent("#a"), "2 минуты назад");
	assert.match(await tab.textContent("#b"), /^5\sч$/);
	assert.match(await tab.textContent("#c"), /^5 марта 2024/, "a date of the company's zone");
	assert.match(await tab.getAttribute("#c", "title"), /00:30/);
	await done();
	await open(times, { lang: "en" });
	assert.equal(await tab.textContent("#a"), "2 minutes ago");
	await done();
});

test("a live region polls, rests when paused, goes on when resumed", async () => {
	let n = 0;
	bodies["/feed"] = () => `<li>${++n}</li>`;
	await open(`<ul id="feed" hx-get="/feed" hx-trigger="every 200ms"></ul><button data-live-pause="#feed" aria-pressed="false"
data-label="Остановить" data-label-paused="Продолжить">p</button>`);
	await until(() => n >= 2, "two polls");
	await tab.click("button");
	await new Promise((k) => setTimeout(k, 300));
	const at = n;
	await new Promise((k) => setTimeout(k, 700));
	assert.equal(n, at);
	assert.equal(await tab.getAttribute("button", "aria-label"), "Продолжить");
	await tab.click("button");
	await until(() => n > at, "polling again");
	await done();
});

test("copy, the eye, a toast from the server, a 422 that swaps, a 500 that says so", async () => {
	bodies["/422"] = (req, res) => {
		res.statusCode = 422;
		return '<p class="err">Заполните имя</p>';
	};
	bodies["/500"] = (req, res) => {
		res.statusCode = 500;
		res.setHeader("X-Request-Id", "rq77");
		return "<p>беда</p>";
	};
	bodies["/toast"] = (req, res) => {
		res.setHeader("HX-Trigger", JSON.stringify({ toast: { text: "Saved", kind: "good" } }));
		return "";
	};
	await open(`<pre id="s">&lt;script src="x"&gt;</pre><button id="c" data-copy="#s">c</button>
<input id="p" type="password" value="x"><button id="e" data-eye="#p">e</button>
${["422", "500", "toast"].map((u) => `<button id="b${u}" hx-post="/${u}" hx-target="#o">x</button>`).join("")}<div id="o"></div>`);
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await tab.click("#c");
	await tab.waitForSelector(".toast.good");
	assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), '<script src="x">');
	await tab.click("#e");
	assert.equal(await tab.getAttribute("#p", "type"), "text");
	await tab.click("#btoast");
	await tab.waitForSelector(".toast >> text=Saved");
	await tab.click("#b422");
	await tab.waitForSelector("#o .err");
	await tab.click("#b500");
	await tab.waitForSelector(".toast.bad >> text=rq77");
	assert.equal(await tab.textContent("#o"), "Заполните имя");
	problems = problems.filter((p) => !/status of (422|500)|Response Status Error Code 500/.test(p));
	await done();
});

const rule = `<label for="rule">Текст правила</label><form><textarea id="rule" name="rule" data-editor="lua"
data-words='{"fields":[{"name":"city","label":"Город"},{"name":"сорт","label":"Любимый сорт"}],"events":["purchase"],"words":["within","at_least"]}'
hx-post="/check" hx-trigger="input changed delay:100ms" hx-target="#lint">return field.city:is "Минск"
  &amp; event.purchase:count()
</textarea></form><div id="lint" class="lint"></div>`;

test("editor: in step with its textarea, completes, marks the wrong line, under the policy", async () => {
	bodies["/check"] = '<p data-lint-for="rule" data-lint-line="2">нет такого слова</p>';
	await open(rule, { scripts: ["app", "editor"] });
	await tab.waitForSelector(".cm-editor");
	assert.equal(await tab.getAttribute(".cm-content", "aria-label"), "Текст правила");
	const colour = await tab.evaluate(() => {
		const span = [...document.querySelectorAll(".cm-line span")].find((s) => s.textContent === "return");
		return [getComputedStyle(span).color, getComputedStyle(document.querySelector(".cm-gutters")).backgroundColor];
	});
	assert.deepEqual(colour, ["rgb(122, 47, 160)", "rgb(255, 255, 255)"]);
	await tab.click(".cm-content");
	await tab.keyboard.press("Control+End");
	await tab.keyboard.type("& field.ci");
	await tab.waitForSelector(".cm-tooltip-autocomplete >> text=Город");
	await new Promise((k) => setTimeout(k, 120));
	await tab.keyboard.press("Enter");
	assert.match(await tab.inputValue("#rule"), /& field\.city$/);
	await tab.keyboard.type(" & field.");
	await tab.waitForSelector(".cm-tooltip-autocomplete >> text=Любимый сорт");
	await new Promise((k) => setTimeout(k, 120));
	await tab.keyboard.press("ArrowDown");
	await tab.keyboard.press("Enter");
	assert.match(await tab.inputValue("#rule"), /& field\["сорт"\]$/);
	await tab.waitForSelector(".cm-lint-marker-error");
	assert.match(await tab.textContent(".cm-lintRange-error"), /event\.purchase/);
	assert.ok(seen.some((s) => s.url === "/check" && decodeURIComponent(s.body).includes("field.city")));
	await done();
});

test("editor: the sheet of the oldest browser works too, and dark is dark", async () => {
	await open("x");
	bodies["/"] = page(rule, { theme: "dark", scripts: ["app", "editor"] });
	await tab.addInitScript(() => {
		delete Document.prototype.adoptedStyleSheets;
		window.CSSStyleSheet = function () {
			throw new TypeError("Illegal constructor");
		};
	});
	await tab.goto(site.url + "/");
	await tab.waitForSelector(".cm-editor");
	assert.equal(await tab.evaluate(() => getComputedStyle(document.querySelector(".cm-gutters")).backgroundColor), "rgb(26, 30, 37)");
	assert.equal(await tab.evaluate(() => getComputedStyle(document.querySelector(".cm-scroller")).display), "flex");
	await done();
});

test("editor: without script the textarea is there", async () => {
	await open(rule, { script: false });
	assert.equal(await tab.isVisible("#rule"), true);
	await context.close();
});

const chart = `<section class="card"><div class="ch"><h2>Новые профили</h2><button data-chart-table="#g" aria-pressed="false" aria-label="Показать таблицей">t</button></div>
<div class="cb"><div data-chart="bars" id="g"><script type="application/json">{"labels":["2025-10-23","2025-10-24"],"unit":"Br",
"series":[{"name":"Сайт","values":[1200,900],"previous":[1000,1000]},{"name":"Касса","values":[50.5,10]}]}</script></div>
<div data-chart="line"><script type="application/json">{"labels":["а","б"],"series":[{"name":"x","values":[1,2],"previous":[2,1]}]}</script></div>
<div data-chart="funnel"><script type="application/json">{"labels":["Отправлено","Открыли"],"series":[{"name":"x","values":[100,20]}]}</script></div>
<div data-chart="spark"><script type="application/json">{"labels":[1,2,3],"series":[{"name":"x","values":[1,3,2]}]}</script></div></div></section>
<button data-theme-toggle>t</button>`;

test("charts: drawn as SVG in our colours, re-themed, the same numbers as a table", async () => {
	await open(chart, { scripts: ["app", "chart"] });
	await until(async () => (await tab.$$("[data-chart] svg")).length === 4, "four charts");
	const has = (colour) => tab.evaluate((c) => [...document.querySelectorAll("#g svg path")]
		.some((p) => (p.getAttribute("fill") || "").toLowerCase() === c), colour);
	assert.equal(await has("#3b5bdb"), true);
	assert.equal(await has("#0b8a9b"), true);
	assert.match(await tab.textContent("#g svg"), /23 окт/);
	assert.match(await tab.textContent("#g .lg"), /Сайт 2\s100\sBr/);
	await tab.click("[data-theme-toggle]");
	assert.equal(await has("#7c93fb"), true);
	await tab.click("[data-chart-table]");
	assert.equal(await tab.isVisible("#g svg"), false);
	const rows = await tab.$$eval("#g table tr", (l) => l.map((tr) => [...tr.cells].map((c) => c.textContent.replace(/\s/g, " "))));
	assert.deepEqual(rows[1], ["23 октября", "1 200 Br", "50,5 Br", "1 250,5 Br", "1 000 Br"]);
	await tab.click("[data-chart-table]");
	await tab.hover("#g svg", { position: { x: 300, y: 100 } });
	await tab.waitForSelector(".chart-tip");
	assert.match(await tab.textContent(".chart-tip"), /октября/);
	await done();
});
