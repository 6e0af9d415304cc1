// Every page of a house full of hostile texts, in a real Chromium: node hostile.mjs URL LOGIN_PATH EMAIL PASSWORD FILE. Says TAP.
// Begins with the paths of FILE; the others are found by their links, at most FEW of a kind. Parts of pages are put into a page, as
// htmx does. Some of each kind are measured at 1440 and 1024.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [url, login, email, password, file] = process.argv.slice(2);
const FEW = { '/clients/N': 70, '/segments/N': 25, '/templates/N': 25, '/campaigns/N': 25, '/scenarios/N': 25 }, OTHERS = 15, WIDE = 6, TABS = 3;
const PARTS = /\/(feed|events|members|figures|rows|progress)$/;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ locale: 'ru', viewport: { width: 1440, height: 900 } });
context.setDefaultTimeout(8000);
await context.addInitScript(() => {
	window.refusals = [];
	document.addEventListener('securitypolicyviolation', (e) => window.refusals.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
});

const look = () => {
	const wide = () => [...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > innerWidth).pop()?.outerHTML.slice(0, 300);
	const targets = [...document.querySelectorAll('[href], [action], [src], [formaction]')]
		.map((e) => e.getAttribute('href') ?? e.getAttribute('action') ?? e.getAttribute('src') ?? e.getAttribute('formaction'));
	const loose = [...document.querySelectorAll('iframe')].filter((f) => !f.hasAttribute('sandbox') || /allow-(scripts|same-origin)/.test(f.getAttribute('sandbox')));
	return {
		said: [...window.refusals.map((r) => 'policy: ' + r),
			...targets.filter((t) => /^\s*(javascript|vbscript|data:text)/i.test(t)).map((t) => 'links to ' + t.slice(0, 60)),
			...(window.planted ? ['a script of theirs ran'] : []),
			...(document.cookie.includes('planted') ? ['a cookie of theirs'] : []),
			...loose.map(() => 'a frame without a sandbox'),
			...(document.documentElement.scrollWidth > innerWidth ? [`is ${document.documentElement.scrollWidth} wide at ${innerWidth}: ${wide()}`] : [])],
		links: [...document.querySelectorAll('a[href]')].map((a) => a.href),
		hrefs: [...document.querySelectorAll('[hx-get]')].map((e) => new URL(e.getAttribute('hx-get'), location.href).href),
	};
};

// tab(): a page that notes what is said while one path is open.
async function tab() {
	const page = await context.newPage(), notes = { said: [], page };
	page.on('dialog', (d) => { notes.said.push('a dialog: ' + d.message()); d.dismiss(); });
	page.on('pageerror', (e) => notes.said.push(e.message));
	page.on('request', (r) => {
		if (!r.url().startsWith(url) && !/^(data|about|blob):/.test(r.url()) && !/\/templates\/\d+$/.test(page.url())) // a letter may have pictures
			notes.said.push('asks ' + r.url().slice(0, 100));
	});
	page.on('response', (r) => {
		if (r.status() >= 500 || (r.status() >= 400 && !/[?&](rule|cursor|sort|segment)=|\/pass(\?|$)/.test(r.url()))) notes.said.push(`${r.status()} ${r.url().slice(0, 100)}`);
	});
	return notes;
}

const first = await tab();
await first.page.goto(url + login);
await first.page.fill('#email', email);
await first.page.fill('#password', password);
await first.page.click('form.gate-x button[type=submit]');
await first.page.waitForURL(url + '/');
const kindOf = (path) => path.replace(/\?.*/, '').replace(/\d{6,}|(?<=bindings\/)\d+/g, 'N');
const queue = ['/', ...readFileSync(file, 'utf8').split('\n').filter(Boolean)], seen = new Set(), kinds = new Map();
let n = 0, failed = 0, busy = 0;

async function open(t, path, kind, count) {
	t.said = [];
	const { page } = t;
	try {
		if (PARTS.test(kind) || /\/words$/.test(kind)) { // what htmx or a script of ours fetches
			await page.goto(url + '/fields');
			await page.evaluate(async (at) => {
				const answer = await fetch(at, { headers: { 'hx-request': 'true' } });
				if (/html/.test(answer.headers.get('content-type'))) document.querySelector('main').innerHTML = await answer.text();
			}, path);
		} else {
			await page.goto(url + path);
		}
		await page.waitForTimeout(/\/(new|N)$/.test(kind) && count <= WIDE ? 250 : 20);
		const found = await page.evaluate(look);
		t.said.push(...found.said);
		if (count <= WIDE) {
			await page.setViewportSize({ width: 1024, height: 900 });
			await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, null, { timeout: 2000 }).catch(() => {}); // a chart follows a frame later
			t.said.push(...(await page.evaluate(look)).said);
			await page.setViewportSize({ width: 1440, height: 900 });
		}
		for (const link of [...found.links, ...found.hrefs]) {
			const to = new URL(link);
			if (to.origin === url && !/^\/(assets|cxdp)/.test(to.pathname)) queue.push(to.pathname + to.search);
		}
	} catch (e) {
		t.said.push(e.message);
	}
	failed += t.said.length > 0;
	console.log(`${t.said.length ? 'not ok' : 'ok'} ${++n} - ${kind}`);
	if (t.said.length) console.log(`# ${path}\n# ` + [...new Set(t.said)].slice(0, 5).join('\n# '));
}

async function walk(t) {
	for (;;) {
		const path = queue.shift();
		if (path === undefined) {
			if (!busy) return;
			await new Promise((r) => setTimeout(r, 20));
			continue;
		}
		const kind = kindOf(path), count = (kinds.get(kind) ?? 0) + 1;
		if (seen.has(path) || count > (FEW[kind] ?? OTHERS)) continue;
		seen.add(path);
		kinds.set(kind, count);
		busy++;
		await open(t, path, kind, count);
		busy--;
	}
}
await Promise.all([first, ...await Promise.all(Array.from({ length: TABS - 1 }, tab))].map(walk));
await browser.close();
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
