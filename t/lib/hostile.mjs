// Every page of a house full of hostile texts, in a real Chromium: node hostile.mjs URL LOGIN_PATH EMAIL PASSWORD. Says TAP.
// Each is measured at 1440 and 1024.
// Pages are found by their links, at most FEW of a kind.
import { chromium } from 'playwright-core';

const [url, login, email, password] = process.argv.slice(2);
const FEW = 15;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ locale: 'ru', viewport: { width: 1440, height: 900 } });
context.setDefaultTimeout(8000);
await context.addInitScript(() => {
	window.refusals = [];
	document.addEventListener('securitypolicyviolation', (e) => window.refusals.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
});
const page = await context.newPage();
let said = [];
page.on('dialog', (d) => { said.push('a dialog: ' + d.message()); d.dismiss(); });
page.on('pageerror', (e) => said.push(e.message));
page.on('request', (r) => {
	if (!r.url().startsWith(url) && !/^(data|about|blob):/.test(r.url()) && !/\/templates\/\d+$/.test(page.url())) // a letter may have pictures
		said.push('asks ' + r.url().slice(0, 100));
});
page.on('response', (r) => { if (r.status() >= 400) said.push(`${r.status()} ${r.url().slice(0, 100)}`); });

const look = () => {
	const targets = [...document.querySelectorAll('[href], [action], [src], [formaction]')]
		.map((e) => e.getAttribute('href') ?? e.getAttribute('action') ?? e.getAttribute('src') ?? e.getAttribute('formaction'));
	return {
		said: [...window.refusals.map((r) => 'policy: ' + r),
			...targets.filter((t) => /^\s*(javascript|vbscript|data:text)/i.test(t)).map((t) => 'links to ' + t.slice(0, 60)),
			...(window.planted ? ['a script of theirs ran'] : []),
			...(document.documentElement.scrollWidth > innerWidth ? [`is ${document.documentElement.scrollWidth} wide at ${innerWidth}`] : [])],
		links: [...document.querySelectorAll('a[href]')].map((a) => a.href),
	};
};

await page.goto(url + login);
await page.fill('#email', email);
await page.fill('#password', password);
await page.click('form.gate-x button[type=submit]');
await page.waitForURL(url + '/');
const queue = ['/'], seen = new Set(), kinds = new Map();
let n = 0, failed = 0;
while (queue.length) {
	const path = queue.shift(), kind = path.replace(/\?.*/, '').replace(/\d{6,}/, 'N');
	if (seen.has(path) || (kinds.get(kind) ?? 0) >= FEW) continue;
	seen.add(path);
	kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
	said = [];
	try {
		await page.goto(url + path);
		await page.waitForTimeout(/\/(new|N)$/.test(kind) ? 250 : 50);
		const seen = await page.evaluate(look);
		await page.setViewportSize({ width: 1024, height: 900 });
		said.push(...seen.said, ...(await page.evaluate(look)).said);
		await page.setViewportSize({ width: 1440, height: 900 });
		for (const link of seen.links) {
			const to = new URL(link);
			if (to.origin === url && !/^\/(assets|cxdp)/.test(to.pathname)) queue.push(to.pathname + to.search);
		}
	} catch (e) {
		said.push(e.message);
	}
	failed += said.length > 0;
	console.log(`${said.length ? 'not ok' : 'ok'} ${++n} - ${kind}`);
	if (said.length) console.log(`# ${path}\n# ` + [...new Set(said)].slice(0, 5).join('\n# '));
}
await browser.close();
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
