// See t/90-main-job.t.
import { readFileSync, readdirSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { browser, done, is, ok, picture, site, until } from './browser.mjs';

const env = process.env;
const tag = `<script async src="${env.CXDP_URL}/cxdp.js" data-key="${env.CXDP_WRITE_KEY}"></script>`;
const page = (title, body) => `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>${title}</title>${tag}</head><body>${body}</body></html>`;
const form = `<form id="signup" data-cxdp-form action="/thanks"><input name="email" type="email" required><input name="first_name">
	<label><input type="checkbox" name="agree" data-cxdp-consent="email analytics"> Согласен получать письма магазина</label><button>Подписаться</button></form>`;
const shop = await site({
	'/': page('Магазин', '<a href="/tea">Чай</a>'),
	'/tea': page('Чай', '<a href="/signup">Подписка</a>'),
	'/signup': page('Подписка', form),
	'/thanks': page('Спасибо', 'Спасибо!'),
	'/offer': page('Предложение', 'Скидка'),
});

async function api(path, data) {
	const answer = await fetch(`${env.CXDP_URL}/api/v1/${path}`, {
		method: data ? 'POST' : 'GET',
		headers: { authorization: `Bearer ${env.CXDP_API_KEY}`, 'content-type': 'application/json' },
		body: data && JSON.stringify(data),
	});
	return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
}
const profile = async (email) => (await api(`profiles?email=${email}`)).data;

async function letters(to) {
	const found = [];
	for (const name of readdirSync(env.CXDP_MAIL_DIR).filter((n) => /^[^.].*\.eml$/.test(n)).sort()) {
		const raw = readFileSync(`${env.CXDP_MAIL_DIR}/${name}`);
		if (!new RegExp(`^X-Envelope-To: .*${to}`, 'm').test(raw.toString('latin1'))) continue;
		found.push(await simpleParser(raw));
	}
	return found;
}

const chromium = await browser();

// --- the marketer prepares ---
const desk = await (await chromium.newContext({ locale: 'ru-RU', viewport: { width: 1440, height: 900 } })).newPage();
const complaints = [];
desk.on('console', (m) => { if (m.type() === 'error') complaints.push(`${desk.url()}: ${m.text()} ${m.location().url}:${m.location().lineNumber}`); });
desk.on('pageerror', (e) => complaints.push(String(e)));
await desk.goto(env.CXDP_LOGIN_URL);
await desk.fill('[name=email]', env.CXDP_ADMIN_EMAIL);
await desk.fill('[name=password]', env.CXDP_ADMIN_PASSWORD);
await desk.click('main button.btn-p');
await desk.waitForURL((url) => !url.pathname.startsWith('/l/'));
ok(true, 'the marketer logs in by the company\'s link');

async function save(path, fields, click = 'button.btn-p[type=submit]') {
	await desk.goto(env.CXDP_URL + path);
	for (const [name, value] of Object.entries(fields)) {
		const field = desk.locator(`main [name="${name}"], [name="${name}"]`).first();
		const kind = await field.evaluate((f) => f.tagName);
		if (kind === 'SELECT') await field.selectOption(value);
		else if (kind === 'TEXTAREA') {
			// as a person pastes it; the editor keeps the textarea in step
			const editor = desk.locator('.cm-content').first();
			await editor.click();
			await desk.keyboard.press('Control+a');
			await editor.evaluate((e, v) => {
				const clipboard = new DataTransfer();
				clipboard.setData('text/plain', v);
				e.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }));
			}, value);
		} else await field.fill(value);
	}
	await Promise.all([desk.waitForNavigation(), desk.locator(click).first().click()]);
}

await save('/segments/new', { name: 'Подписчики', rule: 'return reachable "email"' });
const segment = await until(async () => (await api('segments')).data?.find((s) => s.name === 'Подписчики' && s.state === 'ready'));
ok(segment, 'a segment is made in the editor');
await picture(desk, 'segment');
const body = `<!doctype html><html><body><h1>Здравствуйте, {{ default(profile.first_name, "друг") }}!</h1><p><a href="${shop.url}/offer?from=letter">Посмотреть</a></p><p><a href="{{ unsubscribe_url }}">Отписаться</a></p></body></html>`;
await save('/templates/new', { name: 'Приветствие', subject: '{{ profile.first_name }}, добро пожаловать', body });
ok((await desk.content()).includes('Приветствие'), 'a letter is written');
await picture(desk, 'template');

// --- the stranger ---
const visitor = await (await chromium.newContext({ locale: 'ru-RU' })).newPage();
await visitor.goto(`${shop.url}/`);
await visitor.click('text=Чай');
await visitor.click('text=Подписка');
await visitor.fill('[name=email]', 'Vera@Pochta.example');
await visitor.fill('[name=first_name]', 'Вера');
await visitor.check('[name=agree]');
const left = Date.now();
await visitor.click('button');
await visitor.waitForURL('**/thanks*');
ok(true, 'the form goes its own way');
const inside = await until(async () => (await api(`segments/${segment.id}/members`)).data?.find((m) => m.email === 'vera@pochta.example'), 5);
ok(inside, `within 5 seconds the person stands in the segment: ${Date.now() - left} ms`);
const vera = await profile('vera@pochta.example');
is(vera.fields.first_name, 'Вера', 'with the name they left');
const pages = (await api(`profiles/${vera.id}/events?type=page_view`)).data;
ok(pages.length >= 3, `the pages walked before have joined: ${pages.map((p) => p.properties.title).join(', ')}`);
is(vera.consent.email.granted, true, 'consent is there');
ok(JSON.stringify(vera.consent.email.proof).includes('Согласен получать письма'), 'with the words agreed to');

// --- and one who does not tick ---
const shy = await (await chromium.newContext()).newPage();
await shy.goto(`${shop.url}/signup`);
await shy.fill('[name=email]', 'shy@pochta.example');
await shy.click('button');
const unticked = await until(() => profile('shy@pochta.example'), 5);
ok(unticked, 'without the tick there is a profile');
ok(!unticked.segments.length, 'but it is not in the segment');

// --- the campaign ---
async function campaign(name) {
	const templates = await desk.goto(`${env.CXDP_URL}/campaigns/new`).then(() => desk.locator('[name=template_id] option', { hasText: 'Приветствие' }).getAttribute('value'));
	await save('/campaigns/new', { name, segment_id: segment.id, template_id: templates });
	if (!/\/campaigns\/\d+/.test(desk.url())) await desk.click(`a:has-text("${name}")`);
	await desk.locator('form[action$="/launch"] button').click();
	const yes = desk.locator('dialog[open] button.btn-p, dialog[open] [value=yes], dialog[open] button[data-yes]').first();
	await Promise.all([desk.waitForNavigation(), yes.click()]);
	return desk.url();
}
const card = await campaign('Осень');
const [letter] = await until(async () => { const l = await letters('vera@pochta.example'); return l.length && l; }, 15) || [];
ok(letter, 'the letter is in the mailbox');
is(letter?.subject, 'Вера, добро пожаловать', 'its subject has the name');
ok(letter?.html?.includes('Здравствуйте, Вера!'), 'and so has its text');
ok(letter?.text?.includes('Здравствуйте, Вера!'), 'also the plain one');
ok(/One-Click/.test(letter?.headers.get('list')?.['unsubscribe-post']?.name ?? letter?.headerLines.find((h) => h.key === 'list-unsubscribe-post')?.line ?? ''), 'one-click unsubscribing is offered');
is((await letters('shy@pochta.example')).length, 0, 'who did not agree gets none');

const figure = async (what) => { // the number that stands with a word
	await desk.goto(card);
	const text = (await desk.locator('#figures').innerText()).replace(/\u00a0/g, ' ');
	const at = text.split('\n').map((l) => l.trim()).filter(Boolean);
	const i = at.findIndex((l) => l.startsWith(what));
	return i < 0 ? undefined : parseInt((at[i].match(/\d+/) ?? at[i + 1]?.match(/\d+/) ?? [])[0], 10);
};
is(await until(async () => (await figure('Отправлено')) || 0, 10), 1, 'the campaign page says one was sent');
await picture(desk, 'campaign-sent');
is(await figure('Открыли'), 0, 'and nobody opened it yet');

// --- the letter is read ---
const reader = await (await chromium.newContext()).newPage();
await reader.setContent(letter.html, { waitUntil: 'networkidle' });
is(await until(async () => (await figure('Открыли')) || 0, 10), 1, 'opening it moves the number');
await reader.click('text=Посмотреть');
await reader.waitForURL('**/offer?from=letter');
ok(true, 'a click leads where it should');
is(await until(async () => (await figure('Перешли')) || 0, 10), 1, 'and moves its number');
await picture(desk, 'campaign-clicked');
await desk.goto(`${env.CXDP_URL}/clients/${vera.id}`);
await picture(desk, 'client');
const told = (await api(`profiles/${vera.id}/events?limit=100`)).data.map((e) => e.type);
ok(['email_sent', 'email_open', 'email_click', 'segment_entered'].every((t) => told.includes(t)), `the card tells it all: ${[...new Set(told)].join(' ')}`);

// --- enough ---
const link = letter.html.match(/href="([^"]+\/u\/[^"]+)"/)[1].replace(/&amp;/g, '&');
await reader.goto(link);
ok((await api(`segments/${segment.id}/members`)).data.length === 1, 'looking at the unsubscribe page changes nothing');
await picture(reader, 'unsubscribe');
await reader.click('main button.btn-p');
ok(await until(async () => (await api(`segments/${segment.id}/members`)).data.length === 0, 5), 'unsubscribing leaves the segment of those who can be written to');
await save('/segments/new', { name: 'Все', rule: 'return everyone()' });
const all = await until(async () => (await api('segments')).data?.find((s) => s.name === 'Все' && s.state === 'ready'));
segment.id = all.id;
await campaign('Зима');
await until(async () => /Готово|Завершена|Отправлена/.test(await desk.goto(desk.url()).then(() => desk.locator('main, body').first().innerText())), 15);
is((await letters('vera@pochta.example')).length, 1, 'the next campaign does not write to them');
is((await letters('shy@pochta.example')).length, 0, 'nor to who never agreed');
is(complaints.filter((c) => !/favicon/.test(c)).join('\n'), '', 'the pages had nothing to complain of');

await chromium.close();
shop.close();
done();
