// The import's pages in a real Chromium: node ui-import.mjs URL LOGIN_PATH EMAIL PASSWORD DATA_DIR. Says TAP.
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { picture } from './browser.mjs';

const [url, login, email, password, data] = process.argv.slice(2);
let n = 0, failed = 0;
const ok = (good, name, why) => {
	console.log(`${good ? 'ok' : 'not ok'} ${++n} - ${name}`);
	if (!good) {
		failed++;
		console.log('# ' + String(why ?? '').split('\n').join('\n# '));
	}
	return good;
};
const until = async (look, seconds = 10) => {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((r) => setTimeout(r, 100)))
		if (await look().catch(() => false)) return true;
	return false;
};
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const said = [];
try {
	const context = await browser.newContext({ locale: 'ru', viewport: { width: 1440, height: 900 } });
	context.setDefaultTimeout(8000);
	const page = await context.newPage();
	page.on('console', (m) => m.type() === 'error' && !/style-src-attr|inline style|status of 422/.test(m.text()) && said.push(m.text()));
	page.on('pageerror', (e) => said.push(e.message));
	await page.goto(url + login + '?next=/imports');
	await page.fill('#email', email);
	await page.fill('#password', password);
	await page.click('form.gate-x button[type=submit]');
	await page.waitForURL(url + '/imports');
	ok((await page.textContent('main')).includes('Перенесите базу'), 'an empty list says what it is for');

	await page.goto(url + '/imports/new');
	await page.setInputFiles('#f-file', { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 1, 2, 3]) });
	await page.click('button:has-text("Загрузить")');
	ok(await until(async () => (await page.textContent('[role=alert]')).includes('старая книга Excel')), 'an old workbook is refused on the page, in its language', await page.textContent('main'));
	await page.setInputFiles('#f-file', { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('имя;цвет\nАнна;синий\n') });
	await page.click('button:has-text("Загрузить")');
	await page.waitForURL(/\/imports\/\d+$/);
	await page.selectOption('select[name=to0]', 'first_name');
	await page.selectOption('select[name=to1]', { index: 0 });
	await page.click('button:has-text("Проверить")');
	ok(await until(async () => (await page.textContent('[role=alert]')).includes('Не выбрано, кто в строке')), 'a mapping that names nobody is refused in it, too', await page.textContent('main'));
	await page.goto(url + '/imports/new');
	await page.setInputFiles('#f-file', `${data}/cp1251-semicolon.csv`);
	await page.click('button:has-text("Загрузить")');
	await page.waitForURL(/\/imports\/\d+$/);
	ok(await page.inputValue('select[name=to2]') === 'email' && await page.inputValue('select[name=to5]') === 'city', 'columns are recognised');
	ok(await page.inputValue('select[name=to6]') === '', 'a column that is not is left out');
	ok((await page.textContent('main')).includes('Коваленко'), 'samples stand beside');
	ok(await until(async () => (await page.textContent('#preview')).includes('не адрес почты')), 'the preview says what would happen, in Russian', await page.textContent('#preview'));
	ok((await page.textContent('#preview')).includes('Новый'), 'and who would be new');
	await page.fill('input[name=tr5]', 'text.upper(value)');
	await page.press('input[name=tr5]', 'Tab');
	ok(await until(async () => (await page.textContent('#preview')).includes('ГРОДНО') || (await page.textContent('#preview')).includes('Г. МИНСК')), 'a transform is seen at once', await page.textContent('#preview'));
	await page.fill('input[name=tr5]', 'text.upper(');
	await page.press('input[name=tr5]', 'Tab');
	ok(await until(async () => await page.isVisible('#preview [role=alert]')), 'a broken one too');
	await page.fill('input[name=tr5]', '');
	await page.selectOption('select[name=to6]', 'new:money');
	ok(await until(async () => /1.284,50/.test(await page.textContent('#preview'))), 'a field is made on the spot', await page.textContent('#preview'));
	for (const [theme, name] of [['light', 'import-map-light'], ['dark', 'import-map-dark']]) {
		await context.addCookies([{ name: 'theme', value: theme, url }]);
		await picture(page, name);
	}
	const axe = await new AxeBuilder({ page }).analyze();
	const bad = axe.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
	ok(bad.length === 0, 'axe finds nothing serious', bad.map((v) => `${v.id}: ${v.nodes.map((x) => x.html).slice(0, 3).join(' | ')}`).join('\n'));
	await page.click('button:has-text("Проверить")');
	ok(await until(async () => (await page.textContent('#inserted')) === '3' && (await page.textContent('#failed')).trim() === '2' && await page.isVisible('text=Проверен')), 'a check says the figures', await page.textContent('main'));
	ok(await page.locator('input[name=mf4]').count() === 1, 'and may still say that months come first');
	ok((await page.textContent('main')).includes('такого дня нет'), 'refused rows stand there with their reasons');
	ok(await page.inputValue('select[name=to6]') === 'Сумма покупок', 'the mapping is as it was chosen');
	await picture(page, 'import-checked');
	await page.click('main form[action$="/start"] button.btn-p');
	ok(await until(async () => await page.isVisible('.tag:has-text("Готово")')), 'the run ends by itself on the page', await page.textContent('main'));
	await picture(page, 'import-done');
	const [file] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("Скачать строки с ошибками")')]);
	ok((await file.suggestedFilename()).startsWith('errors-'), 'refused rows are downloaded');
	await page.click('button:has-text("Отменить импорт")');
	ok(await until(async () => (await page.textContent('dialog[open]')).includes('3')), 'taking back says how many', await page.textContent('body'));
	await page.click('dialog[open] button:has-text("Отменить для")');
	ok(await until(async () => await page.isVisible('.tag:has-text("Отменён")')), 'and is done', await page.textContent('main'));
	await page.goto(url + '/imports/new');
	await page.setInputFiles('#f-file', `${data}/wide.csv`);
	await page.click('button:has-text("Загрузить")');
	await page.waitForURL(/\/imports\/\d+$/);
	ok(await page.locator('select[name=to199]').count() === 1, '200 columns can be mapped');
	await page.goto(url + '/imports');
	ok((await page.textContent('main')).includes('wide.csv'), 'the list has them all');
	await picture(page, 'import-list');
	await page.setViewportSize({ width: 390, height: 800 });
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), 'and fits a phone');
	ok(said.length === 0, 'the console is silent', said.join('\n'));
} catch (e) {
	ok(false, 'the walk', e.stack);
} finally {
	await browser.close();
}
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
