// Duplicates, merging and parting as a marketer meets them: node ui-merge.mjs URL LOGIN_PATH EMAIL PASSWORD. Says TAP.
import { audit as audited, browser, done, enter, is, listen, ok, until } from './browser.mjs';

const login = process.argv.slice(2);
const [url] = login;
const chromium = await browser();
const said = [];
try {
	const page = await listen(chromium, said, { viewport: { width: 1280, height: 900 } });
	const main = () => page.textContent('main');
	const sure = async () => { await page.click('dialog[open] .dlg-f .btn-p'); await page.waitForLoadState(); };
	const audit = (name) => audited(page, name, { languages: ['ru', 'ru'] });
	await enter(page, login, '/duplicates');
	ok((await main()).includes('Дубли ещё не искали'), 'an empty page teaches');
	await page.click('button:has-text("Искать дубли")');
	ok(await until(async () => (await page.locator('section[id^=pair-]').count()) === 2), 'a search finds the pairs while one watches', await main());
	ok((await main()).includes('Похожи на'), 'with how much alike they are');
	const first = page.locator('section[id^=pair-]').filter({ hasText: 'Юлия' });
	ok((await first.textContent()).includes('Yuliya'), 'both stand beside each other');
	await audit('duplicates');
	await page.locator('section[id^=pair-]').filter({ hasText: 'Пётр' }).locator('button:has-text("Это разные люди")').click();
	ok(await until(async () => (await page.textContent('.flash')).includes('разные люди')), 'one pair is different people');
	is(await page.locator('section[id^=pair-]').count(), 1, 'and goes from the list');
	await first.locator('a.num').first().click();
	await page.waitForURL(/\/clients\/\d+$/);
	const card = page.url();
	await page.goBack();
	await first.locator('button:has-text("Объединить")').first().click();
	ok(await until(async () => (await page.textContent('.flash')).includes('объединены')), 'the other is merged');
	await page.goto(card);
	ok((await main()).includes('Единый профиль') && (await main()).includes('найден как дубль'), 'the card says what it is made of, and why');
	ok((await main()).includes('yuliya@shop.example'), 'with the identifiers of both');
	await audit('client-merged');
	await page.goto(card + '?tab=merges');
	await page.click('button:has-text("Разделить")');
	await sure();
	ok(await until(async () => (await page.textContent('.flash')).includes('отменено')), 'it is parted again');
	ok(!(await page.locator('.head').first().textContent()).includes('yuliya@shop.example'), 'the identifiers of the other are gone from it');
	await page.click('summary:has-text("Ещё")');
	await page.click('button:has-text("Объединить с другим")');
	await page.fill('#merge input[name=with]', 'nobody');
	await page.click('#merge button[type=submit]');
	ok(await until(async () => (await page.textContent('.flash')).includes('номер другого профиля')), 'a merge with nobody says what is expected');
	const [download] = await Promise.all([page.waitForEvent('download'), (async () => {
		await page.click('summary:has-text("Ещё")');
		await page.click('button:has-text("Скачать всё о клиенте")');
	})()]);
	ok(/^profile-\d+\.json$/.test(download.suggestedFilename()), 'all of one person is a file');
	if (!(await page.locator('button:has-text("Стереть…")').isVisible()))
		await page.click('summary:has-text("Ещё")');
	await page.click('button:has-text("Стереть…")');
	ok((await page.textContent('dialog[open]')).includes('Вернуть нельзя'), 'erasing says what it means');
	await sure();
	await page.waitForURL(url + '/clients');
	ok(await until(async () => (await page.goto(card)).status() === 404), 'and the card is gone');
	await page.goto(url + '/identity');
	await page.click('button[data-dialog="#ident-phone"]');
	await page.check('#ident-phone input[name=joins]');
	await page.fill('#ident-phone textarea', '+375290000000');
	await page.click('#ident-phone button[type=submit]');
	ok(await until(async () => (await page.textContent('.flash')).includes('Правило сохранено')), 'a rule is changed');
	ok((await page.locator('tr:has(code:text-is("phone"))').textContent()).includes('да'), 'and stands in the table');
	is(await page.inputValue('#f-name'), '', 'and not typed into the form of a new kind');
	await page.fill('#f-name', 'Плохое имя');
	await page.click('button:has-text("Добавить свой вид")');
	ok(await until(async () => page.isVisible('#e-name')), 'a wrong name is told beside the field');
	ok((await page.textContent('#e-name')).includes('латинские'), 'as the rule for such a name');
	is(await page.inputValue('#f-name'), 'Плохое имя', 'which keeps what was typed');
	await page.click('button[data-dialog="#ident-viber"]');
	await page.fill('#ident-viber textarea', 'x'.repeat(5000));
	await page.click('#ident-viber button[type=submit]');
	ok(await until(async () => (await page.textContent('[role=alert]')).includes('длиннее')), 'what is wrong in a dialog is said above the table', await main());
	await audit('identity');
	is(said.join('\n'), '', 'the console is quiet');
} catch (e) {
	ok(false, 'the browser came to the end', e.stack);
} finally {
	await chromium.close();
}
done();
