// The builder and the filter in a real Chromium: node ui-builder.mjs URL LOGIN_PATH EMAIL PASSWORD. Says TAP.
import { browser, done, enter, listen, ok, picture, serious, speak, until } from './browser.mjs';

const login = process.argv.slice(2);
const [url] = login;
const chromium = await browser();
const said = [];
const open = async (options) => {
	const page = await listen(chromium, said, options);
	page.on('dialog', (d) => d.accept());
	await enter(page, login);
	return page;
};
const write = async (page, text) => {
	await page.click('.cm-content');
	await page.keyboard.press('Control+a');
	if (text === '') await page.keyboard.press('Delete');
	else await page.keyboard.insertText(text);
};
const textOf = (page) => page.inputValue('#rule');
const rows = (page) => page.locator('.cond-b').evaluateAll((list) => list.map((b) => [...b.children].map((c) => c.textContent).join(' ')));
const is = async (page, want, name) => ok(await until(async () => await textOf(page) === want), name, await textOf(page));
const count = async (page, want, name) => ok(await until(async () => (await page.textContent('#preview .kv')).trim() === want, 15), name, await page.textContent('#preview'));
const subject = async (page, words) => {
	await page.fill('.cf-pick input', words);
	await page.keyboard.press('Enter');
};

try {
	const page = await open();

	// with the mouse
	await page.goto(url + '/segments/new');
	await until(async () => await page.locator('.cond-b').count() === 2);
	await write(page, '');
	ok(await until(async () => await page.isVisible('.rule-empty')), 'without a text there is a word of what to do');
	await page.click('.rule-empty .chip.add');
	await subject(page, 'Город');
	ok(await page.evaluate(() => document.activeElement.tagName) === 'SELECT', 'a field chosen, one is at how to compare');
	const value = page.locator('.cond-f [data-part=main] input');
	await value.click();
	ok(await until(async () => await page.locator('.cond-f datalist option[value="Минск"]').count() === 1), 'values people have are offered');
	await page.click('.cond-f .btn-p');
	ok((await page.textContent('.cond-f .err')).includes('Нужно значение'), 'without a value the form says so');
	await value.fill('Минск');
	await page.click('.cond-f .btn-p');
	await is(page, 'return field.city:is "Минск"\n', 'a condition becomes a rule');
	await count(page, '2', 'and is counted');
	await page.click('.rule-add .chip >> nth=0');
	await page.fill('.cf-pick input', 'покупка');
	await page.click('.subjects [role=option] >> nth=0');
	await page.selectOption('.cond-f [data-part=main] select >> nth=1', 'count');
	await page.click('.cond-f .btn-p');
	await is(page, 'return field.city:is "Минск"\n     & event.purchase:within "30d":count():at_least(2)\n', 'an event with how often and since when');
	ok((await rows(page)).join('; ') === 'Город равно Минск; Покупка за 30 дней 2 раза и больше', 'read in Russian', (await rows(page)).join('; '));
	await count(page, '1', 'counted again');
	await page.click('.rule-add .chip >> nth=1');
	await subject(page, 'имя first_name');
	await page.selectOption('.cond-f [data-part=main] select', 'starts');
	await page.fill('.cond-f [data-part=main] input', 'Ан');
	await page.click('.cond-f .btn-p');
	ok(await page.locator('.grp .grp.any').count() === 1, 'a group of its own, at least one of');
	await page.click('.grp .grp [aria-label="Условие"]');
	await subject(page, 'bonus');
	await page.fill('.cond-f [data-part=main] input', '300');
	await page.click('.cond-f .btn-p');
	const grouped = 'return field.city:is "Минск"\n     & event.purchase:within "30d":count():at_least(2)\n     & (field.first_name:starts "Ан" | field.bonus:at_least(300))\n';
	await is(page, grouped, 'its second condition is joined by or');
	await page.selectOption('.grp .grp .gsel', 'none');
	await is(page, grouped.replace('& (', '& ~('), 'none of a group');
	await count(page, '0', 'is counted as such');
	await page.click('[data-undo]');
	await is(page, grouped, 'undone');
	await page.locator('.cond >> nth=0').dragTo(page.locator('.grp .grp .cond >> nth=1'), { targetPosition: { x: 60, y: 30 } });
	await is(page, 'return event.purchase:within "30d":count():at_least(2)\n     & (field.first_name:starts "Ан" | field.bonus:at_least(300) | field.city:is "Минск")\n', 'dragged into the group');
	await page.click('.grp .grp .cond >> nth=1 >> .btn-xs');
	await is(page, 'return event.purchase:within "30d":count():at_least(2)\n     & (field.first_name:starts "Ан" | field.city:is "Минск")\n', 'removed');
	await page.locator('.gh .grip').dragTo(page.locator('.cond >> nth=0'), { targetPosition: { x: 60, y: 4 } });
	await is(page, 'return (field.first_name:starts "Ан" | field.city:is "Минск")\n     & event.purchase:within "30d":count():at_least(2)\n', 'a group is dragged by its handle');
	await page.click('[data-undo]');
	await page.click('.cond-b >> nth=0');
	await page.click('.cond-f .chip.add');
	await page.fill('.cond-f [data-part=filter0] input >> nth=0', 'total');
	ok(await until(async () => await page.locator('.cond-f datalist option[value="total"]').count() === 1), 'properties of the event are offered');
	await page.selectOption('.cond-f [data-part=filter0] select', 'at_least');
	await page.fill('.cond-f [data-part=filter0] input >> nth=1', '90');
	await page.keyboard.press('Enter');
	await is(page, 'return event.purchase:where { total = at_least(90) }:within "30d":count():at_least(2)\n     & (field.first_name:starts "Ан" | field.city:is "Минск")\n', 'only events with a property');
	await page.fill('#f-name', 'Мышью');
	await page.click('.acts .btn-p');
	await page.waitForURL(/\/segments\/\d+$/);
	ok(await until(async () => (await rows(page)).length === 3), 'saved and opened again it is the same blocks', (await rows(page)).join('; '));

	// with the keyboard alone
	await page.goto(url + '/segments/new');
	await until(async () => await page.locator('.cond-b').count() === 2);
	const press = async (...keys) => {
		for (const k of keys) await page.keyboard.press(k);
	};
	await page.focus('#f-name');
	await page.keyboard.type('Клавиатурой');
	for (let i = 0; i < 12 && !await page.evaluate(() => document.activeElement.matches('.cond-b')); i++) await press('Tab');
	ok(await page.evaluate(() => document.activeElement.matches('.cond-b')), 'Tab leads to the conditions');
	await press('Alt+ArrowDown');
	await is(page, 'return reachable "email"\n     & event.page_view:within "30d"\n', 'Alt and an arrow move one');
	ok(await page.evaluate(() => document.activeElement.textContent).then((t) => t.includes('Просмотр страницы')), 'the focus goes with it');
	ok((await page.textContent('[role=status].visually-hidden')).includes('перемещено'), 'and it is said');
	await press('ArrowUp', 'Delete');
	await is(page, 'return event.page_view:within "30d"\n', 'Delete removes one');
	await press('Enter');
	ok(await page.evaluate(() => !!document.activeElement.closest('.cond-f')), 'Enter opens its form');
	await press('Escape');
	ok(await page.evaluate(() => document.activeElement.matches('.cond-b')), 'Escape leaves it');
	for (let i = 0; i < 6 && !await page.evaluate(() => document.activeElement.matches('.rule-add .chip')); i++) await press('Tab');
	await press('Tab', 'Enter');
	await page.keyboard.type('город');
	await press('Enter', 'Tab');
	await page.keyboard.type('Гродно');
	await press('Enter');
	await is(page, 'return event.page_view:within "30d"\n     & (field.city:is "Гродно")\n', 'a group made without a mouse');
	await press('ArrowDown', 'Alt+ArrowUp');
	await is(page, 'return event.page_view:within "30d"\n     & field.city:is "Гродно"\n', 'and left by an arrow');
	await press('Control+z');
	await is(page, 'return event.page_view:within "30d"\n     & (field.city:is "Гродно")\n', 'Ctrl+Z takes it back');
	await press('Control+Shift+z');
	await count(page, '1', 'again, and counted');
	for (let i = 0; i < 40 && !await page.evaluate(() => document.activeElement.matches('.cm-content')); i++) await press('Tab');
	await press('Escape', 'Shift+Tab');
	ok(await page.evaluate(() => !document.activeElement.matches('.cm-content')), 'the text lets one out');
	await page.focus('#f-name');
	await press('Enter');
	await page.waitForURL(/\/segments\/\d+$/);
	ok(await page.inputValue('#rule') === 'return event.page_view:within "30d"\n     & field.city:is "Гродно"\n', 'saved', await page.inputValue('#rule'));

	// by hand, and back
	const hand = `-- Постоянные: смотрят, -- но молчат
return field.city:one_of { "Минск", "Лида" } -- два города
  & event["Order Completed"]   -- купили
      :where { total = at_least(20) } :count() :at_least(1)
  -- и ещё одно
  & ~( field.bonus:more(900) --[[ богатые ]]
     | where [[ first_name == "Нет" ]] )
`;
	await write(page, '');
	await page.keyboard.insertText(hand);
	ok(await until(async () => (await rows(page)).length === 4), 'a rule typed by hand is blocks', (await rows(page)).join('; '));
	ok((await rows(page)).join('; ') === 'Город одно из Минск, Лида; Покупка total не меньше 20 1 раз и больше; bonus больше 900; Выражение first_name == "Нет"', 'read as such', (await rows(page)).join('; '));
	await count(page, '2', 'and counted');
	await page.focus('.cond-b >> nth=1');
	ok(await until(async () => (await page.locator('.cm-lit').allTextContents()).join('').includes('Order Completed')), 'a chosen block lights its lines', await page.locator('.cm-lit').allTextContents());
	await page.locator('.cm-line', { hasText: 'Лида' }).click({ position: { x: 120, y: 9 } });
	ok(await until(async () => (await page.locator('.cond.on').textContent()).includes('Минск, Лида')), 'a chosen line lights its block');
	await page.click('.cond-b >> nth=0');
	await page.fill('.cond-f textarea', 'Минск, Лида, Гродно');
	await page.click('.cond-f .btn-p');
	await is(page, hand.replace('"Лида" }', '"Лида", "Гродно" }'), 'an edited block changes itself alone, comments stand');
	const before = await textOf(page);
	await page.click('.cond-b >> nth=1');
	await page.fill('.cond-f [data-part=main] input', '2');
	ok(await until(async () => (await textOf(page)).includes(':at_least(2)')), 'a form writes the rule while one types', await textOf(page));
	await count(page, '1', 'which is counted meanwhile');
	ok((await page.locator('.cm-here').allTextContents()).join('').includes('at_least(2)'), 'its place is marked', await page.locator('.cm-here').allTextContents());
	await page.fill('.cond-f [data-part=main] input', '');
	await page.keyboard.press('Enter');
	ok((await page.textContent('.cond-f .err')).includes('число') || (await page.textContent('.cond-f .err')).includes('значение'), 'what is missing is said at the form', await page.textContent('.cond-f .err'));
	await page.keyboard.press('Escape');
	await is(page, before, 'Escape takes all of it back, letter by letter');
	await page.click('.rule-add .chip >> nth=0');
	await subject(page, 'пол gender');
	await page.fill('.cond-f [data-part=main] input', 'f');
	ok(await until(async () => (await textOf(page)).includes('field.gender:is "f"')), 'a new one too');
	await page.keyboard.press('Escape');
	await is(page, before, 'and is taken back');
	await page.click('.cond-b >> nth=1');
	await page.click('.cond-f .btn-p');
	await is(page, hand.replace('"Лида" }', '"Лида", "Гродно" }'), 'a form closed as it was changes nothing');
	await page.focus('.cond-b >> nth=3');
	await page.keyboard.press('Delete');
	ok(await until(async () => (await rows(page)).length === 3 && (await textOf(page).then((t) => ['два города', 'купили', 'и ещё одно', 'богатые'].every((w) => t.includes(w))))), 'a removed one leaves all comments', await textOf(page));
	const kept = await textOf(page);
	await page.click('.acts .btn-p');
	await until(async () => await page.locator('.flash').count() === 1);
	await page.reload();
	ok(await textOf(page) === kept, 'saved and loaded letter by letter', await textOf(page));

	// steps of a sequence and more than one window are controls
	const steps = 'return event.page_view:then_(event.purchase:within "30d", "1d") -- затем\n     & event.purchase:within "30d":between("2026-01-01", "2027-01-01") -- оба\n';
	await write(page, '');
	await page.keyboard.insertText(steps);
	ok(await until(async () => (await rows(page)).length === 2), 'a sequence and two windows are blocks');
	await page.click('.cond-b >> nth=0');
	ok(await page.locator('.cond-f textarea').count() === 0, 'a sequence has no text to edit');
	await page.click('.cond-f .chip.add[type=button]:has-text("Покупка:")');
	const filter = page.locator('.cond-f [data-part=step1-filter0] input');
	await filter.nth(0).fill('currency');
	await filter.nth(1).focus();
	ok(await until(async () => await page.locator('.cond-f [data-part=step1-filter0] datalist option[value="BYN"]').count() === 1), 'what stands in a property is offered');
	await filter.nth(1).fill('BYN');
	await page.fill('.cond-f [data-part=step1-window] input', '14');
	await page.click('.cond-f .btn-p');
	const filtered2 = steps.replace('event.purchase:within "30d", "1d"', 'event.purchase:where { currency = "BYN" }:within "14d", "1d"');
	await is(page, filtered2, 'the second step has properties and a window of its own');
	await page.click('.cond-b >> nth=1');
	await page.fill('.cond-f [data-part=window] input', '7');
	await page.fill('.cond-f [data-part=window1] input >> nth=1', '2026-12-31');
	await page.click('.cond-f .btn-p');
	const both = filtered2.replace('within "30d":between("2026-01-01", "2027-01-01")', 'within "7d":between("2026-01-01", "2026-12-31")');
	await is(page, both, 'both windows are changed where they stand');
	await page.click('.cond-b >> nth=1');
	await page.selectOption('.cond-f [data-part=window1] select', '');
	await page.click('.cond-f .btn-p');
	await is(page, both.replace(':between("2026-01-01", "2026-12-31")', ''), 'one of them is dropped');

	await write(page, 'local old = field.bonus:more(1)\nreturn old & known()\n');
	ok(await until(async () => await page.isVisible('.rule-odd')), 'more than one expression is one block of Lua');
	await count(page, '4', 'which counts all the same');
	await write(page, 'return known()\n');
	ok(await until(async () => (await rows(page)).join() === 'Известный профиль'), 'and comes back as blocks');

	// what the preview says of each condition
	await page.route('**/segments/preview*', async (route) => {
		const form = new URLSearchParams(route.request().postData());
		const parts = JSON.parse(form.get('parts')), narrow = JSON.parse(form.get('narrow'));
		const live = { parts: parts.map((p, i) => (p === 'known()' ? null : 1000 + i)), narrow: narrow.map((_, i) => 400 - 300 * i), total: 1600 };
		await route.fulfill({ contentType: 'text/html', body: `<div class="pad">2</div><div hidden data-live="${JSON.stringify(live).replaceAll('"', '&quot;')}"></div>` });
	});
	await write(page, 'return field.city:is "Минск" & (known() | field.bonus:more(5))\n');
	ok(await until(async () => (await page.locator('.cond .tn').allTextContents()).map((s) => s.replace(/\D/g, '')).join() === '1000,1003'), 'counts stand at their conditions', await page.locator('.cond').allTextContents());
	ok((await page.locator('.gh .tn').textContent()).replace(/\D/g, '') === '1001', 'and at groups');
	await page.click('.cond-b >> nth=0');
	ok((await page.textContent('.cond-f .cf-foot')).replace(/\D/g, '') === '1000', 'and in an open form');
	await page.keyboard.press('Escape');
	ok(await page.locator('#narrow .funnel li').count() === 3 && await page.locator('#narrow .w-50').count() === 1 && (await page.textContent('#narrow')).includes('корень'), 'how it narrows is drawn by roots', await page.innerHTML('#narrow'));
	await page.locator('.cond .tn >> nth=0').click();
	await page.waitForURL(/\/clients\?/);
	ok(decodeURIComponent(new URL(page.url()).search).includes('return field.city:is "Минск"'), 'a count leads to its people');

	// the filter of the list
	await page.goto(url + '/clients');
	await page.click('.filter .chip.add');
	await subject(page, 'Город');
	await page.fill('.filter-pop [data-part=main] input', 'Минск');
	await page.keyboard.press('Enter');
	await page.waitForURL(/rule=/);
	ok(await until(async () => await page.locator('main tbody tr').count() === 2), 'a filter is a chip and an address', page.url());
	await page.click('.filter .chip.add');
	await subject(page, 'Покупка');
	await page.click('.filter-pop .btn-p');
	ok(await until(async () => await page.locator('main tbody tr').count() === 1 && await page.locator('.filter .chip.on').count() === 2), 'two of them narrow');
	ok((await page.locator('.filter .chip.on').allTextContents()).join('; ') === 'ГородМинск; Покупказа 30 дней', 'read as a person would say', await page.locator('.filter .chip.on').allTextContents());
	await page.click('.filter .chip-b >> nth=1');
	await page.selectOption('.filter-pop [data-part=main] select >> nth=0', '~');
	await page.keyboard.press('Enter');
	ok(await until(async () => (await page.textContent('main tbody')).includes('Олег') && await page.locator('main tbody tr').count() === 1), 'changed in place');
	await page.waitForSelector('.filter .chip-b'); // before that the page has one cross, for all of them
	await page.click('.filter .chip.on >> nth=0 >> [aria-label]');
	ok(await until(async () => await page.locator('.filter .chip.on').count() === 1 && await page.locator('main tbody tr').count() === 2), 'a cross drops one', await page.textContent('main'));
	const filtered = page.url();
	await page.click('.filter .chip.add');
	await subject(page, 'страница с адресом');
	await page.fill('.filter-pop [data-part=filter0] input >> nth=1', '/coffee');
	await page.keyboard.press('Enter');
	ok(await until(async () => (await page.textContent('main tbody')).includes('Павел') && await page.locator('main tbody tr').count() === 1), 'who was on a page');
	await page.goto(filtered);
	await page.click('.filter .chip-b');
	await page.keyboard.press('Escape');
	ok(page.url() === filtered && !await page.isVisible('.filter-pop'), 'Escape changes nothing');
	await page.goto(url + '/clients?rule=' + encodeURIComponent('local a = known() return a'));
	ok(await until(async () => (await page.textContent('.filter .chip')).includes('local a = known()')), 'a rule of another make is one chip');
	const bare = await (await chromium.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() })).newPage();
	await bare.goto(filtered);
	ok((await bare.textContent('.filter .chip.on')).includes('event.purchase') && await bare.locator('main tbody tr').count() === 2, 'without script the rule stands as text');

	// both languages, both themes, wide and narrow, with forms open
	const rule = hand + '  & (event.page_view:then_(event.purchase, "1d") | share(10, "x") | near(53.9, 27.56, 30) | field.birthday:anniversary "7d")\n';
	for (const [language, colorScheme, width] of [['ru', 'light', 1440], ['en', 'dark', 1440], ['ru', 'dark', 1024], ['en', 'light', 1024], ['ru', 'light', 1240]]) {
		const p = await open({ locale: language, colorScheme, viewport: { width, height: 900 } });
		await speak(p, language);
		const bad = [];
		const look = async (name) => {
			const wide = await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
			if (wide > 0) bad.push(`${name}: ${wide} px too wide`);
			const axe = await serious(p);
			if (axe) bad.push(`${name}: ${axe}`);
			if (language === 'en') {
				const words = await p.evaluate(() => [...document.querySelectorAll('.rule-b, .filter')].map((e) => e.textContent).join(' '));
				if (/[а-яё]/i.test(words.replace(/Минск|Лида|Нет|Мышью|Клавиатурой/g, ''))) bad.push(`${name}: Russian words: ${words.match(/[а-яё ]{3,}/gi)}`);
			}
			await picture(p, `builder-${name}-${language}-${colorScheme}-${width}`);
		};
		await p.goto(url + '/segments/new?rule=' + encodeURIComponent(rule));
		await until(async () => (await rows(p)).length === 8);
		await look('blocks');
		for (let i = 0; i < 8; i++) {
			await p.click(`.cond-b >> nth=${i}`);
			await look(`form${i}`);
			await p.keyboard.press('Escape');
		}
		await p.click('.rule-add .chip >> nth=0');
		await look('subjects');
		await p.goto(url + '/clients?rule=' + encodeURIComponent('return field.city:is "Минск" & event.purchase:within "90d"'));
		await p.click('.filter .chip-b >> nth=1');
		await look('filter');
		ok(bad.length === 0, `builder and filter: ${language}, ${colorScheme}, ${width}`, bad.join('\n'));
		await p.context().close();
	}
	ok(said.length === 0, 'the console is quiet', said.join('\n'));
} catch (e) {
	ok(false, 'the walk comes to its end', e.stack + '\n' + said.join('\n'));
}
await chromium.close();
done();
