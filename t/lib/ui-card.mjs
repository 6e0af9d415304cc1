// The card of a client in a browser: node ui-card.mjs URL LOGIN_PATH EMAIL PASSWORD CLIENT. Says TAP.
import { browser, cutOff, done, enter, is, listen, ok, picture, serious, speak, until } from './browser.mjs';

const [url, ...rest] = process.argv.slice(2);
const client = rest.pop();
const card = url + '/clients/' + client;
const chromium = await browser();
const said = [];
try {
	const page = await listen(chromium, said);
	await enter(page, [url, ...rest]);
	for (const [theme, width, language] of [['dark', 1024, 'en'], ['light', 1440, 'ru'], ['dark', 390, 'ru']]) {
		await page.setViewportSize({ width, height: 900 });
		await page.context().addCookies([{ name: 'theme', value: theme, url }]);
		await page.goto(card);
		await speak(page, language);
		for (const tab of ['', 'fields', 'messages', 'segments', 'visits', 'similar', 'merges', 'notes']) {
			const r = await page.goto(card + (tab ? '?tab=' + tab : ''));
			const what = `${tab || 'events'}, ${theme}, ${language}`;
			is(r.status(), 200, `${what}: opens`);
			is(await page.getAttribute('html', 'lang'), language, `${what}: in its language`);
			if (tab === 'similar')
				await page.waitForSelector('section table.t, section .empty');
			is(await serious(page), '', `${what}: axe finds nothing serious`);
			is(await cutOff(page), '', `${what}: nothing sticks out at ${width}`);
			if (!tab) {
				await page.click('.ev-x summary >> nth=0');
				ok((await page.locator('.ev-x[open] dd >> nth=0').boundingBox()).width > 60, `${what}: what came with an event has room at ${width}`);
				is(await cutOff(page), '', `${what}: and sticks out nowhere`);
			}
			await picture(page, `card-${tab || 'events'}-${theme}-${width}`);
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
	ok((await page.getAttribute('.kpis .t-good:has-text("SMS")', 'title')).includes(String(new Date().toLocaleDateString('en', { year: 'numeric', timeZone: 'Europe/Minsk' }))), 'with the day it was given',
		await page.getAttribute('.kpis .t-good:has-text("SMS")', 'title'));
	is(said.join('\n'), '', 'the console is quiet');
} catch (e) {
	ok(false, 'the browser came to the end', e.stack);
} finally {
	await chromium.close();
}
done();
