// A real Chromium for tests, and a client's site on another origin.
import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';

export async function browser() {
	return chromium.launch({
		executablePath: process.env.CXDP_CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
}

// site({ path: html }): serves pages on a free port of loopback; { url, close }.
export async function site(pages) {
	const server = createServer((request, response) => {
		const html = pages[new URL(request.url, 'http://x').pathname];
		response.writeHead(html === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
		response.end(html ?? 'nothing here');
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

// TAP in a few words.
let count = 0;
let failed = 0;
export function ok(good, name, more) {
	if (!good) failed++;
	console.log(`${good ? 'ok' : 'not ok'} ${++count} - ${name}`);
	if (!good && more !== undefined) console.log(String(more).split('\n').map((line) => `# ${line}`).join('\n'));
	return good;
}
export function is(got, want, name) { return ok(Object.is(got, want), name, `got ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`); }
export function done() {
	console.log(`1..${count}`);
	process.exitCode = failed ? 1 : 0;
}

// until(sub, seconds): what sub gives once it is truthy, else its last answer. A sub that fails, as on a page that is leaving, is asked again;
// false and a note when it fails to the end.
export async function until(sub, seconds = 15) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		let got = false, why = null;
		try {
			got = await sub();
		} catch (e) {
			why = e;
		}
		if (got) return got;
		if (Date.now() > end) {
			if (why) console.log(`# ${why.message.split('\n')[0]}`);
			return got;
		}
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

// listen(chromium, said, options of its context): a new page; said gets what its console complains of.
export async function listen(chromium, said, options = {}) {
	const context = await chromium.newContext({ locale: 'ru', viewport: { width: 1440, height: 900 }, ...options });
	context.setDefaultTimeout(15000);
	const page = await context.newPage();
	// (axe and htmx are kept from inline styles by the policy of pages; a 404 or 422 is asked for; the next key cancels what is being asked)
	page.on('console', (m) => m.type() === 'error' && !/style-src-attr|inline style|status of 4(04|22)|htmx:(sendAbort|afterRequest)/.test(m.text()) && said.push(m.text()));
	page.on('pageerror', (e) => said.push(e.stack));
	return page;
}

// enter(page, [URL, LOGIN_PATH, EMAIL, PASSWORD], path): logged in, at that path.
export async function enter(page, [url, login, email, password], path = '/') {
	await page.goto(`${url}${login}?next=${path}`);
	await page.fill('#email', email);
	await page.fill('#password', password);
	await page.press('#password', 'Enter');
	await page.waitForURL(url + path);
}

// speak(page, language): the interface in ru or en, on the page it is at.
export async function speak(page, language) {
	if (await page.getAttribute('html', 'lang') === language) return;
	await page.click('header summary');
	await page.click(`button[name=language][value=${language}]`);
	await page.waitForLoadState();
}

// serious(page): what axe finds serious or critical, a line each with where; "" when nothing.
export async function serious(page) {
	const { violations } = await new AxeBuilder({ page }).disableRules(['region']).analyze();
	return violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.map((x) => x.html).join(' ')}`).join('\n');
}

// cutOff(page): what is wider than the page, or than a card that does not scroll, with the element that reaches farthest; "" when nothing.
export async function cutOff(page) {
	let found = '';
	await until(async () => { // a page is wider for a moment while its letters come
		found = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.card, .card-x')]
			.filter((e) => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX !== 'auto')
			.map((e) => {
				const right = (x) => x.getBoundingClientRect().right;
				const scrolls = (x) => x !== e && (getComputedStyle(x).overflowX !== 'visible' || scrolls(x.parentElement));
				const [far] = [...e.querySelectorAll('*')].filter((x) => !scrolls(x.parentElement)).sort((x, y) => right(y) - right(x));
				return `${e.scrollWidth} > ${e.clientWidth}: ${far?.outerHTML.slice(0, 200)}`;
			}).join('\n'));
		return found === '';
	}, 5);
	return found;
}

// audit(page, name, { languages, prepare }): axe on the page in light and dark, a picture of each; then light and the first language again.
export async function audit(page, name, { languages = ['ru', 'en'], prepare } = {}) {
	const theme = (value) => page.context().addCookies([{ name: 'theme', value, url: new URL(page.url()).origin }]);
	for (const [i, look] of ['light', 'dark'].entries()) {
		await theme(look);
		await page.reload();
		await speak(page, languages[i]);
		if (prepare) await prepare();
		is(await serious(page), '', `axe finds nothing serious: ${name}, ${look}`);
		await picture(page, `${name}-${look}`);
	}
	await theme('light');
	await page.reload();
	await speak(page, languages[0]);
}

export async function picture(page, name) {
	if (!process.env.CXDP_PICTURES) return;
	mkdirSync(process.env.CXDP_PICTURES, { recursive: true });
	await page.screenshot({ path: `${process.env.CXDP_PICTURES}/${name}.png`, fullPage: true });
}
