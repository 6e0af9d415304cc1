// A real Chromium for tests, and a client's site on another origin.
import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

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

// until(sub, seconds): what sub gives once it is truthy, else its last answer.
export async function until(sub, seconds = 10) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const got = await sub();
		if (got || Date.now() > end) return got;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

export async function picture(page, name) {
	if (!process.env.CXDP_PICTURES) return;
	mkdirSync(process.env.CXDP_PICTURES, { recursive: true });
	await page.screenshot({ path: `${process.env.CXDP_PICTURES}/${name}.png`, fullPage: true });
}
