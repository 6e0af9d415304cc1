// A segment's life as a marketer meets it: node ui-segments.mjs URL LOGIN_PATH EMAIL PASSWORD. Says TAP.
import { audit as audited, browser, cutOff, done, enter, is, listen, ok, until } from './browser.mjs';

const login = process.argv.slice(2);
const [url] = login;
const chromium = await browser();
const said = [];
try {
	const page = await listen(chromium, said);
	const main = () => page.textContent('main');
	const audit = (name) => audited(page, name, { languages: ['ru', 'ru'] });
	const open = async (name) => {
		await page.goto(url + '/segments');
		await page.click(`a.num.md:has-text("${name}")`);
		await page.waitForURL(/\/segments\/\d+$/);
		return page.url();
	};
	const flash = async (text, name) => ok(await until(async () => (await page.textContent('.flash')).includes(text)), name, await page.textContent('.flash').catch(() => ''));
	await enter(page, login, '/segments');
	await audit('segments');

	// options
	const minsk = await open('Минчане');
	await page.click('.tabs a:has-text("Свойства")');
	await page.check('input[name=locked]');
	await page.check('input[name=unique]');
	await page.selectOption('#unique-by', 'city');
	await page.selectOption('#unique-keep', 'last_updated');
	await page.fill('#f-folder', 'Города');
	await page.fill('#f-description', 'кто из Минска');
	await page.click('button:has-text("Сохранить свойства")');
	await flash('Свойства сохранены', 'options are saved');
	ok(await page.isChecked('input[name=unique]') && await page.inputValue('#unique-by') === 'city', 'and stand as they were set');
	ok(await until(async () => { await page.goto(minsk); return (await page.textContent('#members .cnt')).trim() === '1'; }), 'of those with the same city one is left');
	await page.goto(minsk + '/options');
	ok((await page.textContent('#uses')).includes('Письмо минчанам'), 'it says what uses it');
	await audit('segment-options');
	await page.check('input[name=is_static]');
	await page.click('button:has-text("Сохранить свойства")');
	ok(await until(async () => (await page.textContent('p.err')).includes('Повторы убирает только сегмент с правилом')), 'what does not go together is said in Russian');
	await page.goto(minsk + '/options');
	await page.uncheck('input[name=unique]');
	await page.click('button:has-text("Сохранить свойства")');
	ok(await until(async () => { await page.goto(minsk); return (await page.textContent('#members .cnt')).trim() === '3'; }), 'without that all are back');
	await page.click('details.drop summary[aria-label="Другие действия"]');
	await page.click('.menu button:has-text("Удалить")');
	await page.click('dialog[open] .dlg-f button[type=submit], dialog[open] .dlg-f .btn-p, dialog[open] .dlg-f .btn-bad');
	await page.waitForURL(/options#uses$/);
	await flash('не удалён', 'what is used is not deleted, and the page says by what');

	// folders and the list
	await page.goto(url + '/segments');
	await page.click('.folders a:has-text("Города")');
	is(await page.locator('tbody tr').count(), 1, 'a folder has its segments');
	ok((await main()).includes('кто из Минска'), 'with what they are about');

	// freeze, archive, copy
	await page.goto(minsk);
	await page.click('details.drop summary[aria-label="Другие действия"]');
	await page.click('.menu button:has-text("Заморозить")');
	await flash('заморожен', 'its people are frozen');
	ok(await until(async () => { await page.reload(); return (await page.textContent('#members .cnt')).trim() === '3'; }), 'in a segment of their own');
	ok((await main()).includes('Минчане: состав'), 'named after it');
	await page.click('details.drop summary[aria-label="Другие действия"]');
	await page.click('.menu button:has-text("Убрать в архив")');
	await page.click('dialog[open] .dlg-f .btn-p');
	await flash('в архиве', 'it goes into the archive');
	const ice = page.url();
	await page.goto(url + '/segments');
	ok(!(await page.textContent('table')).includes('Минчане: состав'), 'and from the list');
	await page.goto(url + '/campaigns/new');
	ok(!(await main()).includes('Минчане: состав') && (await main()).includes('Богатые'), 'and from where one is chosen');
	await page.goto(url + '/segments?archive=1');
	ok((await page.textContent('table')).includes('Минчане: состав'), 'the archive has it');
	await page.goto(ice);
	await page.click('details.drop summary[aria-label="Другие действия"]');
	await page.click('.menu button:has-text("Вернуть")');
	await flash('вернулся', 'and gives it back');
	await open('Не из Лиды');
	await page.click('details.drop summary[aria-label="Другие действия"]');
	await page.click('.menu button:has-text("копию")');
	await flash('Копия готова', 'a copy is made');
	is((await page.textContent('h1')).trim(), 'Копия: Не из Лиды', 'with a name of its own');

	// versions
	const copy = page.url();
	await page.waitForSelector('.cm-content');
	await page.click('.cm-content');
	await page.keyboard.press('Control+a');
	await page.keyboard.insertText('return field.city:is_not "Лида"\n     & field.bonus:more(3)');
	await page.click('button:has-text("Сохранить сегмент")');
	await flash('Сегмент сохранён', 'another rule is saved');
	await page.goto(copy + '/versions');
	ok(await page.locator('.lines .d-in').count() === 1 && await page.locator('.lines .d-out').count() === 1, 'two versions stand line by line', await page.textContent('#diff').catch(() => ''));
	ok((await page.textContent('#diff')).includes('выйдут 3 человека'), 'with how many the difference moves', await page.textContent('#diff'));
	ok((await page.textContent('#diff')).includes('войдут 0'), 'both ways');
	await audit('segment-versions');
	await page.goto(copy + '/growth?days=90');
	ok(await until(async () => await page.locator('#sizes svg').count() > 0 && await page.locator('#moves svg').count() > 0), 'growth is drawn');
	await page.click('button[data-chart-table="#moves"]');
	ok(await until(async () => (await page.locator('#moves table').count()) > 0), 'and has a table');
	await audit('segment-growth');

	// by hand
	await page.goto(url + '/segments/by-hand');
	await page.fill('#f-name', 'Свои');
	await page.fill('#people', 'p1@shop.example; "p2@shop.example"\np3\nnobody@shop.example');
	await page.click('button:has-text("Проверить")');
	ok(await until(async () => (await main()).includes('Найдено 3 из 4')), 'a list is looked through before', await main());
	ok((await main()).includes('nobody@shop.example'), 'who is nobody is named');
	await audit('segment-list-new');
	await page.fill('#f-name', 'Свои');
	await page.fill('#people', 'p1@shop.example; "p2@shop.example"\np3\nnobody@shop.example');
	await page.click('button:has-text("Создать сегмент")');
	await page.waitForURL(/\/segments\/\d+$/);
	ok(await until(async () => { await page.reload(); return (await page.locator('#members tbody tr').count()) === 3; }), 'and becomes a segment');
	const own = page.url();
	await page.fill('#people', 'p6@shop.example');
	ok(await until(async () => (await page.textContent('#found')).includes('Найдено 1 из 1')), 'names are looked up while one types');
	await page.click('button[value=put]');
	await flash('добавлены', 'one is put in');
	ok(await until(async () => { await page.reload(); return (await page.textContent('#members')).includes('добавлен вручную'); }), 'with who did it', await page.textContent('#members'));
	is(await page.locator('#members tbody tr').count(), 4, 'four are in it');
	await page.setInputFiles('input[type=file]', { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('p6@shop.example\n') });
	ok(await until(async () => (await page.inputValue('#people')).includes('p6@')), 'a file goes into the list');
	await page.click('button[value=take]');
	await flash('убраны', 'and is taken out');
	ok(await until(async () => { await page.reload(); return (await page.locator('#members tbody tr').count()) === 3; }), 'three are left');
	await audit('segment-static');
	await page.click('#members tr:has-text("p3@shop.example") button[name=one]');
	await flash('убраны', 'a row has a button to take out');
	ok(await until(async () => { await page.reload(); return (await page.locator('#members tbody tr').count()) === 2; }), 'that one is out');
	await page.check('#members [data-check-all]');
	await page.waitForSelector('#members .bulk:not([hidden])');
	await audit('segment-static-picked');
	await page.check('#members [data-check-all]');
	await page.click('#members .bulk button[name=picked]');
	await flash('убраны', 'those picked go together');
	ok(await until(async () => { await page.reload(); return (await page.locator('#members tbody tr').count()) === 0; }), 'nobody is left');
	await page.fill('#people', 'p1@shop.example; "p2@shop.example"\np3');
	await page.click('button[value=put]');
	await flash('добавлены', 'they come back');
	ok(await until(async () => { await page.reload(); return (await page.locator('#members tbody tr').count()) === 3; }), 'three again');

	// over each other
	await page.goto(url + '/segments');
	await page.check('tr:has-text("Минчане") input[data-check-row] >> nth=0');
	await page.check('tr:has-text("Богатые") input[data-check-row]');
	await page.click('.bulk button:has-text("Сравнить")');
	await page.waitForURL(/algebra/);
	is((await page.locator('svg.venn a text').allTextContents()).join(' '), '2 3 1', 'two that were picked lie over each other with counts');
	await page.goto(url + '/segments/algebra');
	for (const name of ['Минчане', 'Богатые', 'Свои']) {
		const link = page.locator('.picks a').filter({ hasText: name }).filter({ hasNotText: 'состав' }).first();
		await link.dragTo(page.locator('#venn'));
		await page.waitForLoadState();
		ok(await until(async () => (await page.locator('#venn .chip').allTextContents()).join().includes(name)), `${name} is dragged into the view`);
	}
	is(await page.locator('svg.venn a').count(), 7, 'three make seven parts');
	await page.locator('svg.venn a[aria-label^="Минчане · Богатые · Свои:"]').focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/r=7/);
	is((await page.textContent('#chosen pre')).trim(), 'return segment "Минчане" & segment "Богатые" & segment "Свои"', 'a part is chosen by keyboard, and is a rule');
	await page.locator('svg.venn a[aria-label^="Минчане · Богатые · не Свои:"]').click();
	await page.waitForURL(/r=3,7|r=3%2C7/);
	is((await page.textContent('#chosen pre')).trim(), 'return segment "Минчане" & segment "Богатые"', 'two parts are said as one where they are one');
	is((await page.textContent('#chosen .kv')).trim(), '1', 'with how many');
	await audit('segment-algebra');
	await page.click('#chosen a:has-text("Сохранить как сегмент")');
	await page.waitForURL(/\/segments\/new/);
	ok(await until(async () => (await page.textContent('.cm-content')).includes('segment "Богатые"')), 'and is saved as a segment');
	await page.goto(own + '/versions');
	for (const width of [1190, 1024, 390]) {
		await page.setViewportSize({ width, height: 800 });
		const two = [own, minsk].map((at) => `s[]=${at.match(/\d+$/)[0]}`).join('&');
		for (const path of ['/segments', '/segments/algebra', `/segments/algebra?${two}`, copy.slice(url.length), own.slice(url.length), minsk.slice(url.length) + '/options', copy.slice(url.length) + '/versions', minsk.slice(url.length) + '/growth']) {
			await page.goto(url + path);
			if (path === copy.slice(url.length))
				await until(async () => (await page.locator('#sample tbody tr').count()) > 0 && (await page.locator('#members tbody tr').count()) > 0);
			is(await cutOff(page), '', `nothing hangs over nor is cut off at ${width}: ${path.replace(/\d+/g, 'ID')}`);
			ok((await page.locator('h1').boundingBox()).width > 50, `there is room for its name at ${width}: ${path.replace(/\d+/g, 'ID')}`);
		}
	}
	is(said.join('\n'), '', 'the console is silent');
} catch (e) {
	ok(false, 'the browser came to the end', e.stack);
} finally {
	await chromium.close();
}
done();
