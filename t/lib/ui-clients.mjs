// The list of people as a marketer works with it: node ui-clients.mjs URL LOGIN_PATH EMAIL PASSWORD. Says TAP.
import { audit, browser, cutOff, done, enter, is, listen, ok, until } from './browser.mjs';

const login = process.argv.slice(2);
const [url, door] = login;
const chromium = await browser();
const said = [];
try {
	const page = await listen(chromium, said);
	const main = () => page.textContent('main');
	const heads = (p = page) => p.locator('.t-list th .th-b').allTextContents().then((all) => all.map((t) => t.trim()).join(' '));
	await enter(page, login, '/clients');
	is(await heads(), 'Имя E-mail Телефон Город Создан Последний визит', 'the usual columns');

	// columns: dragged, kept, nobody else's
	await page.click('summary:has-text("Колонки")');
	const grip = async (name) => (await page.locator(`#columns-list li:has(input[value=${name}]) [data-order-grip]`).boundingBox());
	const from = await grip('city');
	const to = await grip('email');
	await page.mouse.move(from.x + 5, from.y + 8);
	await page.mouse.down();
	await page.mouse.move(to.x + 5, to.y + 12, { steps: 6 });
	await page.mouse.move(to.x + 5, to.y + 2, { steps: 3 });
	await page.mouse.up();
	ok(await until(async () => (await heads()) === 'Имя Город E-mail Телефон Создан Последний визит'), 'a column is dragged to the front, the table follows', await heads());
	await page.fill('[data-narrow]', 'балл');
	is(await page.locator('#columns-list li[data-order-item]:visible').count(), 1, 'fields are found by their name');
	await page.check('#columns-list input[value=score]');
	ok(await until(async () => (await heads()).includes('Баллы')), 'and switched on', await heads());
	await page.reload();
	is(await heads(), 'Имя Город E-mail Телефон Создан Последний визит Баллы', 'all of it is there after a reload');
	const other = await listen(chromium, said);
	await enter(other, [url, door, 'pasha@dev.example', 'long enough 2'], '/clients');
	is(await heads(other), 'Имя E-mail Телефон Город Создан Последний визит', 'another user sees the usual ones');
	await other.context().close();

	// the same by keyboard alone
	await page.focus('summary:has-text("Колонки")');
	await page.keyboard.press('Enter');
	await page.focus('#columns-list input[value=score]');
	for (let i = 0; i < 6; i++)
		await page.keyboard.press('Alt+ArrowUp');
	ok(await until(async () => (await heads()).startsWith('Имя Баллы')), 'Alt with an arrow moves a column', await heads());
	ok((await page.textContent('#order-said')).includes('место 1 из'), 'and says where it is');
	await page.keyboard.press('Escape');
	await page.focus('.th-b[value="-score"]');
	await page.keyboard.press('Enter');
	await page.waitForURL(/sort=-score/);
	is((await page.locator('th[aria-sort]').getAttribute('aria-sort')), 'descending', 'a head sorts, by keyboard too');
	ok((await page.locator('tbody tr').first().textContent()).includes('690'), 'the greatest first', await page.locator('tbody tr').first().textContent());
	is(await page.locator('tbody tr:first-child td.r').first().evaluate((td) => getComputedStyle(td).textAlign), 'right', 'numbers stand at the right');

	// a folder of a search
	await page.fill('main form[role=search] input[name=q]', 'Имя69');
	await page.press('main form[role=search] input[name=q]', 'Enter');
	await page.waitForURL(/q=/);
	await page.click('button:has-text("Сохранить папкой")');
	await page.fill('#folder-new-n', 'Шестьдесят девять');
	await page.press('#folder-new-n', 'Enter');
	await page.waitForURL(/folder=\d+$/);
	ok(await until(async () => (await page.textContent('#folders a.on')).includes('2')), 'a folder has its count', await page.textContent('#folders'));
	await page.fill('main form[role=search] input[name=q]', 'Имя6');
	await page.press('main form[role=search] input[name=q]', 'Enter');
	ok(await until(async () => (await main()).includes('изменён')), 'its filter is changed from there, and the page says so');
	await page.click('.chip button:has-text("сохранить")');
	await page.waitForURL(/folder=\d+$/);
	is(await page.inputValue('main form[role=search] input[name=q]'), 'Имя6', 'and is saved into it');
	await page.click('summary[aria-label^="Папка «Шестьдесят"]');
	await page.fill('#folder-name', 'Шестёрки');
	await page.press('#folder-name', 'Enter');
	ok(await until(async () => (await page.textContent('#folders')).includes('Шестёрки')), 'it gets another name');
	const folder = page.url();
	await audit(page, 'clients-folder', { prepare: async () => { await page.goto(folder); await page.locator('tbody [data-check-row]').first().check(); } });

	for (const width of [1190, 390]) {
		await page.setViewportSize({ width, height: 900 });
		is(await cutOff(page), '', `nothing hangs over nor is cut off at ${width}`);
	}
	await page.setViewportSize({ width: 1440, height: 900 });

	// picked, and all
	await page.goto(folder);
	await page.locator('tbody [data-check-row]').nth(1).check();
	await page.locator('tbody [data-check-row]').nth(3).click({ modifiers: ['Shift'] });
	is((await page.textContent('[data-check-count]')).trim(), '3', 'Shift picks a range');
	await page.check('[data-check-whole]');
	const all = (await page.textContent('[data-check-count]')).trim();
	ok(+all > 50, 'all found are more than the page has', all);
	await page.click('.bulk button[value=field]');
	await page.waitForURL(/clients\/act$/);
	await page.selectOption('#f-field', 'region');
	ok(await until(async () => (await page.locator('#act-body .funnel li').count()) > 0), 'what is there now is shown for a field', await main());
	ok((await page.textContent('#act-body')).includes('Юг'), 'by its values');
	await audit(page, 'clients-act');
	await page.goto(url + '/clients');
	await page.fill('main form[role=search] input[name=q]', 'Имя6');
	await page.press('main form[role=search] input[name=q]', 'Enter');
	await page.waitForURL(/q=/);
	await page.locator('tbody [data-check-row]').first().check();
	await page.check('[data-check-whole]');
	is((await page.textContent('[data-check-count]')).trim(), all, 'the search finds the same');
	await page.click('.bulk button[value=field]');
	await page.selectOption('#f-field', 'region');
	await page.waitForSelector('#f-value');
	await page.fill('#f-value', 'Север');
	await page.click('#act-body button[type=submit]');
	await page.waitForURL(url + '/jobs');
	ok(await until(async () => new RegExp(`измен\\S+ ${all} профил`).test(await main()), 30), 'the job is watched to its end', await main());
	ok((await main()).includes('Регион: Север'), 'and says what it did');
	await audit(page, 'jobs-people');
	await page.click('button:has-text("Вернуть как было")');
	ok(await until(async () => (await page.locator('tr:has-text("Возврат как было")').first().textContent()).includes('Готово'), 30), 'it is taken back', await main());
	await page.goto(url + '/clients?q=%D0%98%D0%BC%D1%8F689');
	await page.click('tbody a.num');
	ok((await main()).includes('Юг'), 'the old value is there again');

	// erased by the number
	await page.goto(url + '/clients?q=%D0%98%D0%BC%D1%8F68');
	await page.check('[data-check-all]');
	const n = (await page.textContent('[data-check-count]')).trim();
	await page.click('.bulk button[value=erase]');
	await page.fill('#f-typed', '1');
	await page.press('#f-typed', 'Enter');
	ok(await until(() => page.isVisible('#e-typed')), 'another number is refused beside the field');
	await page.fill('#f-typed', n);
	await page.press('#f-typed', 'Enter');
	await page.waitForURL(url + '/jobs');
	await page.goto(url + '/clients?q=%D0%98%D0%BC%D1%8F68');
	ok(await until(async () => { await page.reload(); return (await main()).includes('Никого не нашлось'); }, 30), `${n} are erased`);
	is(said.join('\n'), '', 'the console is quiet');
} catch (e) {
	ok(false, 'the browser came to the end', e.stack);
} finally {
	await chromium.close();
}
done();
