// The interface in a real Chromium: node ui-pages.mjs URL LOGIN_PATH EMAIL PASSWORD. Says TAP.
import { createHmac } from 'node:crypto';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { picture } from './browser.mjs';

const [url, login, email, password] = process.argv.slice(2);
let n = 0, failed = 0;
const ok = (good, name, why) => {
	console.log(`${good ? 'ok' : 'not ok'} ${++n} - ${name}`);
	if (!good) {
		failed++;
		console.log('# ' + String(why ?? '').split('\n').join('\n# '));
	}
	return good;
};
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const said = [];
const open = async (options) => {
	const context = await browser.newContext({ locale: 'ru', viewport: { width: 1440, height: 900 }, ...options });
	context.setDefaultTimeout(8000);
	const page = await context.newPage();
	page.on('console', (m) => m.type() === 'error' && !/style-src-attr|inline style|status of 422|status of 410|status of 403|templates\/preview|NotSameOrigin/.test(m.text()) && said.push(m.text()));
	page.on('pageerror', (e) => said.push(e.message));
	return page;
};
const enter = async (page) => {
	await page.goto(url + login);
	await page.fill('#email', email);
	await page.fill('#password', password);
	await page.click('form.gate-x button[type=submit]');
	await page.waitForURL(url + '/');
};
const write = async (page, text) => { // into the editor, as a person pastes
	await page.click('.cm-content');
	await page.keyboard.press('Control+a');
	await page.keyboard.insertText(text);
};
const until = async (look, seconds = 8) => {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((r) => setTimeout(r, 100)))
		if (await look().catch(() => false)) return true;
	return false;
};

try {
	const page = await open();
	await page.goto(url + login + '?next=/segments/new');
	await page.fill('#email', email);
	await page.fill('#password', 'not the password');
	await page.click('form.gate-x button[type=submit]');
	ok(await page.inputValue('#email') === email && await page.isVisible('[role=alert]'), 'a wrong password: the address stays, the error stands above');
	ok(await page.evaluate(() => document.activeElement.id) === 'password', 'and the password is where one types');
	await page.fill('#password', password);
	await page.click('form.gate-x button[type=submit]');
	await page.waitForURL(url + '/segments/new');
	ok(true, 'the right one leads where one wanted to go');

	await until(async () => /\d/.test(await page.textContent('#preview .kv')), 20);
	await write(page, 'return field.citty:is "Минск"\n');
	ok(await until(async () => (await page.textContent('#lint')).includes('«citty»')), 'a wrong field is said while typing, in Russian', await page.textContent('#lint'));
	ok(await until(async () => await page.locator('.cm-lintRange-error').count() > 0), 'and its line is marked');
	await page.fill('#f-name', 'Минчане');
	await write(page, 'return field.city:is "Минск"\n');
	ok(await until(async () => (await page.textContent('#preview .kv')).trim() === '2'), 'two people live in Minsk', await page.textContent('#preview'));
	ok(await until(async () => await page.locator('#sample tbody tr').count() === 2), 'and stand below');
	await page.click('.acts .btn-p');
	await page.waitForURL(/\/segments\/\d+$/);
	ok(await until(async () => { await page.reload(); return await page.locator('#members tbody tr').count() === 2; }), 'saved, the segment fills by itself');

	await page.fill('#cases', '[{ "name": "из Минска", "profile": { "city": "минск" }, "expect": true }, { "name": "из Лиды", "profile": { "city": "Лида" }, "expect": true }]');
	await page.click('button[hx-post^="/segments/cases"]');
	ok(await until(async () => await page.locator('#cases-said .good').count() === 1 && await page.locator('#cases-said .bad').count() > 0), 'cases are tried with the rule', await page.textContent('#cases-said'));
	ok((await page.textContent('#cases-said')).includes('не попадает, хотя должен'), 'what fails is said in Russian');
	await page.click('.acts .btn-p');
	ok(await until(async () => (await page.textContent('body')).includes('не все проверки проходят')), 'saved all the same, with a warning');
	ok(await until(async () => await page.locator('#cases-said li').count() === 2), 'the cases are kept with the segment');
	await page.fill('#cases', '[{ "profile": {} }]');
	await page.click('.acts .btn-p');
	ok(await until(async () => (await page.textContent('#e-cases')).includes('Проверка 1')), 'a case that is none is not saved, and the page says which');

	await page.goto(url + '/templates/new');
	const frame = page.frameLocator('iframe.letter');
	ok(await until(async () => (await frame.locator('h1').textContent()).includes('Ольга')), 'the letter is shown for somebody');
	await write(page, '<h2>{{ profile.city }}</h2><script>parent.document.title = "x"</script><img src="/no" onerror="alert(1)">');
	ok(await until(async () => await frame.locator('h2').textContent() === 'Минск'), 'and again while one types');
	ok(!(await page.title()).startsWith('x'), 'its scripts do not run');
	await write(page, '<p>{{ profile.city }</p>');
	await page.fill('#f-name', 'Письмо');
	await page.fill('#f-subject', 'Новости, {{ profile.first_name }}');
	await page.click('.acts .btn-p');
	ok(await until(async () => await page.locator('.editor-f .bad').count() > 0) && await page.inputValue('#f-name') === 'Письмо', 'a broken letter is not saved, what was typed stays');
	await write(page, '<p>Здравствуйте, {{ profile.first_name }}!</p><p><a href="https://shop.example/">Магазин</a></p>');
	await page.click('.acts .btn-p');
	await page.waitForURL(/\/templates\/\d+$/);

	await page.goto(url + '/campaigns/new');
	await page.fill('#f-name', 'Первая');
	await page.selectOption('#f-segment', { index: 1 });
	await page.selectOption('#f-template', { index: 1 });
	await page.click('.btn-p');
	await page.waitForURL(/\/campaigns\/\d+$/);
	await page.click('.acts .btn-p');
	ok(/2 людям/.test(await page.textContent('dialog[open]')), 'launching says to how many', await page.textContent('dialog[open]'));
	await page.click('dialog[open] .btn-p');
	ok(await until(async () => (await page.locator('.tag.t-good').count()) > 0, 20), 'the campaign is sent, the page sees it by itself', await page.textContent('main'));
	ok((await page.locator('#figures .kv').allTextContents())[1].trim().startsWith('1'), 'one letter went: the other has not agreed', await page.textContent('#figures'));
	ok((await page.textContent('#figures')).includes('Нет согласия'), 'and the page says why');

	await page.goto(url + '/clients');
	await page.keyboard.press('/');
	await page.keyboard.type('анна');
	ok(await until(async () => (await page.textContent('#found')).includes('Анна Минская')), '/ and a name find a person');
	await page.click('#found a');
	await page.waitForURL(/\/clients\/\d+$/);
	const card = await page.textContent('main');
	ok(['Анна Минская', 'Письмо отправлено', 'Покупка', 'Согласие получено'].every((w) => card.includes(w)), 'the card tells what happened', card);
	ok((await page.content()).includes('&lt;img src=x onerror') && await page.locator('main img').count() === 0, 'what a visitor sent is text, not HTML');

	await page.goto(url + '/scenarios/new');
	await page.fill('#f-name', 'Корзина');
	await write(page, 'return scenario {\n\ton = event.cart_updated,\n\tsend "Нет такого",\n}\n');
	await page.click('button[value=publish]');
	ok(await until(async () => (await page.textContent('#lint')).includes('Шаблона «Нет такого» нет')), 'a scenario with a letter that is not there is kept, not published', await page.textContent('#lint'));
	await write(page, 'return scenario {\n\ton = event.cart_updated,\n\twait "1h",\n\tsend "Письмо",\n\twait_for(event.email_click, "2d") { yes = { finish() }, no = { send "Письмо" } },\n}\n');
	ok(await until(async () => await page.locator('#steps li').count() >= 8), 'a scenario is drawn while one types', await page.textContent('#steps'));
	await page.click('button[value=publish]');
	await page.waitForURL(/\/scenarios\/\d+$/);
	ok((await page.textContent('.head')).includes('Работает, версия 1'), 'and published');

	// every page: both languages, both themes, wide and narrow; nothing breaks, axe is content, nothing scrolls sideways
	await page.goto(url + '/company/users');
	const users = await page.locator('tbody td a').evaluateAll((list) => list.slice(0, 1).map((a) => a.getAttribute('href')));
	await page.goto(url + '/sources');
	const sources = (await page.locator('tbody td a').evaluateAll((list) => list.slice(0, 1).map((a) => a.getAttribute('href'))))
		.flatMap((s) => ['', '/code', '/rules', '/plan', '/quarantine'].map((part) => s + part));
	await page.goBack();
	await page.goBack();
	const paths = ['/', '/clients', '/segments', '/segments/new', '/campaigns', '/campaigns/new', '/scenarios', '/templates', '/templates/new',
		'/sources', '/sources/new', '/fields', '/set-aside', '/set-aside?state=refused', '/set-aside/4711', '/company/users', '/company/users/new', '/company/keys', '/company/keys/new', '/company/audit',
		'/me', '/me/second', ...users, ...sources, '/search?q=анна', page.url().slice(url.length)];
	for (const [language, colorScheme, width] of [['ru', 'light', 1440], ['en', 'dark', 1440], ['ru', 'dark', 1024]]) {
		const p = await open({ locale: language, colorScheme, viewport: { width, height: 900 } });
		await enter(p);
		if (await p.getAttribute('html', 'lang') !== language) {
			await p.click('header summary');
			await p.click(`button[name=language][value=${language}]`);
			await p.waitForLoadState();
		}
		const bad = [];
		for (const path of [...paths, `${login}/forgot`, '/pass?k=x']) {
			await p.goto(url + path);
			if (await p.getAttribute('html', 'lang') !== language)
				bad.push(`${path}: not in ${language}`);
			const wide = await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
			if (wide > 0)
				bad.push(`${path}: ${wide} px too wide`);
			const axe = await new AxeBuilder({ page: p }).setLegacyMode(true).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
			for (const v of axe.violations)
				if (v.impact === 'serious' || v.impact === 'critical')
					bad.push(`${path}: ${v.id}: ${v.nodes.map((x) => x.html).slice(0, 3).join(' ')}`);
			if (language === 'en') {
				const words = await p.evaluate(() => [...document.querySelectorAll('nav, h1, h2, th, button, .hint, .empty')]
					.filter((e) => !e.closest('[lang=ru]') && !e.querySelector('[lang=ru]')).map((e) => e.textContent).join(' '));
				if (/[а-яё]/i.test(words.replace(/Лавка|Сайт|Первая|Минчане|Письмо|Корзина|Ключ|анна/g, '')))
					bad.push(`${path}: Russian words: ${words.match(/[а-яё ]{3,}/gi)}`);
			}
		}
		ok(bad.length === 0, `every page: ${language}, ${colorScheme}, ${width}`, bad.join('\n'));
		await p.context().close();
	}
	// the second factor, from the picture to the codes, and a form that is asked again
	await page.goto(url + '/me/second');
	ok(await page.locator('svg.qr').evaluate((e) => e.getBoundingClientRect().width) === 200, 'the picture for the telephone is there, and its own size');
	await page.fill('#f-code', '000000');
	await page.click('.form-f .btn-p');
	ok(await page.locator('#e-code').count() === 1, 'a wrong code is said where it was typed');
	const serious = async () => (await new AxeBuilder({ page }).setLegacyMode(true).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze())
		.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => v.id + v.nodes.map((x) => x.html)).join('\n');
	const bits = [...(await page.textContent('form code')).replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const secret = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2))), counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
	const hash = createHmac('sha1', secret).update(counter).digest(), at = hash[19] & 15;
	await page.fill('#f-code', String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0'));
	await page.click('.form-f .btn-p');
	const codes = (await page.textContent('#snip-codes')).trim().split('\n');
	ok(codes.length === 10, 'the right one turns it on and shows ten codes', codes.join(' '));
	ok(!await serious(), 'axe is content with them', await serious());
	await picture(page, 'codes');
	await page.click('header details:has(.me) summary');
	await page.click('form[action="/logout"] button');
	await page.fill('#email', email);
	await page.fill('#password', password);
	await page.click('form.gate-x button[type=submit]');
	await page.waitForURL(/\/login\/code/);
	ok(!await serious(), 'and with the page that asks for a code', await serious());
	await picture(page, 'code');
	await page.fill('#code', codes[0]);
	await page.click('form.gate-x button[type=submit]');
	await page.waitForURL(url + '/');
	await page.goto(url + '/me');
	ok((await page.textContent('main')).includes('9 запасных кодов'), 'a recovery code lets in, nine are left');
	await picture(page, 'me');
	ok(said.length === 0, 'no page complained', said.join('\n'));
} catch (e) {
	ok(false, 'to the end', e.stack);
}
await browser.close();
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
