// The card of a client in a browser: node ui-card.mjs URL LOGIN_PATH EMAIL PASSWORD CLIENT. Says TAP.
import { AxeBuilder } from '@axe-core/playwright';
import { browser, done, is, ok, picture, until } from './browser.mjs';

const [url, login, email, password, client] = process.argv.slice(2);
const card = url + '/clients/' + client;
const chromium = await browser();
const said = [];
try {
	const context = await chromium.newContext({ locale: 'ru', viewport: { width: 1280, height: 900 } });
	context.setDefaultTimeout(8000);
	const page = await context.newPage();
	page.on('console', (m) => m.type() === 'error' && !/style-src-attr|inline style|status of 4(04|22)/.test(m.text()) && said.push(m.text()));
	page.on('pageerror', (e) => said.push(e.message));
	await page.goto(url + login);
	await page.fill('#email', email);
	await page.fill('#password', password);
	await page.press('#password', 'Enter');
	await page.waitForLoadState();
	for (const [theme, width, language] of [['dark', 1024, 'en'], ['light', 1440, 'ru']]) {
		await page.setViewportSize({ width, height: 900 });
		await context.addCookies([{ name: 'theme', value: theme, url }]);
		await page.goto(card);
		if (await page.getAttribute('html', 'lang') !== language) {
			await page.click('.top .drop summary:has-text("RU"), .top .drop summary:has-text("EN")').catch(() => {});
			await page.click(`button[name=language][value=${language}]`);
			await page.waitForLoadState();
		}
		for (const tab of ['', 'fields', 'messages', 'segments', 'visits', 'similar', 'merges', 'notes']) {
			const r = await page.goto(card + (tab ? '?tab=' + tab : ''));
			const what = `${tab || 'events'}, ${theme}, ${language}`;
			is(r.status(), 200, `${what}: opens`);
			is(await page.getAttribute('html', 'lang'), language, `${what}: in its language`);
			if (tab === 'similar')
				await page.waitForSelector('section table.t, section .empty');
			const { violations } = await new AxeBuilder({ page }).disableRules(['region']).analyze();
			const bad = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
			is(bad.map((v) => `${v.id}: ${v.nodes[0].html}`).join('\n'), '', `${what}: axe finds nothing serious`);
			ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what}: nothing sticks out at ${width}`);
			await picture(page, `card-${tab || 'events'}-${theme}`);
		}
	}
	/* by keyboard: a filter, then a note */
	await page.goto(card);
	await page.focus('.seg a >> nth=3');
	await page.keyboard.press('Enter');
	await page.waitForURL(/what=site/);
	ok(await page.isVisible('.seg a.on:has-text("Сайт")'), 'a filter is a place one can send');
	await page.goto(card + '?tab=notes');
	await page.focus('#f-body');
	await page.keyboard.type('Любит улуны');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	ok(await until(async () => (await page.textContent('main')).includes('Любит улуны')), 'a note is written by keyboard');
	await page.click('.kpis button:has-text("SMS")');
	await page.fill('dialog[open] input[name=proof]', 'по телефону');
	await page.click('dialog[open] button:has-text("Согласие дано")');
	ok(await until(async () => await page.isVisible('.kpis .t-good:has-text("SMS")')), 'a consent is given in a dialog');
	ok((await page.getAttribute('.kpis .t-good:has-text("SMS")', 'title')).includes(String(new Date().getFullYear())), 'with the day it was given',
		await page.getAttribute('.kpis .t-good:has-text("SMS")', 'title'));
	is(said.join('\n'), '', 'the console is quiet');
} catch (e) {
	ok(false, 'the browser came to the end', e.stack);
} finally {
	await chromium.close();
}
done();
