// The binder in a real Chromium: node binder.mjs URL LOGIN_PATH EMAIL PASSWORD WRITE_KEY SOURCE. Says TAP; what it made arrives at the server,
// where t/82-binder.t looks for it.
import { AxeBuilder } from '@axe-core/playwright';
import { browser, done, is, ok, picture, site, until } from './browser.mjs';

const [url, login, email, password, key, source] = process.argv.slice(2);
const hostile = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
const text = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const page = (body, head = '') => `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Лавка</title>${head}
<script async src="${url}/cxdp.js" data-key="${key}"></script></head><body>${body}</body></html>`;
const goods = `<style>div{color:#222;font:16px sans-serif} button{padding:8px}</style><h1>Туфли</h1>
<div class="good" data-sku="red-1"><b class="title">Красные</b> <span class="price">1 299,50 руб.</span> <button class="buy" type="button">В корзину</button></div>
<div class="good" data-sku="blue-2"><b class="title">${text(hostile)}</b> <span class="price">80 руб.</span> <button class="buy" type="button">В корзину</button></div>
<form id="callback" action="/thanks"><input name="city" value=""><input name="user_mail"><input type="password" name="city_pass"><button>Перезвоните</button></form>
<a class="away" href="/thanks">Дальше</a>
<script>window.dataLayer=[{page:{type:"category"}},{shop:{list:"Туфли"}}]; window.clicks=0; document.addEventListener("click",()=>window.clicks++)</script>`;
const client = await site({
	'/shoes/7': page(goods), '/thanks': page('<h1>Спасибо</h1>'),
	'/hostile': page(goods, `<script>Array.prototype.toJSON=()=>"x"; Element.prototype.closest=()=>{throw new Error("no")}; JSON.stringify=()=>"broken"; Array.prototype.extra=()=>1;</script>`),
	'/strict': page(goods, '<meta http-equiv="Content-Security-Policy" content="script-src \'self\' \'unsafe-inline\'">'),
	'/deaf': page(goods, `<meta http-equiv="Content-Security-Policy" content="script-src ${url} 'unsafe-inline'; connect-src 'self'">`),
});

const b = await browser();
const admin = await b.newContext({ locale: 'ru', viewport: { width: 1440, height: 900 } });
admin.setDefaultTimeout(8000);
const card = await admin.newPage();
await card.goto(`${url}${login}?next=/sources/${source}/bindings`);
await card.fill('#email', email);
await card.fill('#password', password);
await card.click('form.gate-x button[type=submit]');
await card.waitForURL(`${url}/sources/${source}/bindings`);
ok((await card.textContent('main')).includes('Событий пока нет'), 'an empty list says what it is for');

// The link, as the card gives it out.
async function link(path) {
	await card.goto(`${url}/sources/${source}/bindings`);
	await card.fill('#f-page', client.url + path);
	await card.click('button:has-text("Открыть сайт и указать события")');
	return card.getAttribute('#bind-link', 'href');
}
// The overlay is closed to its page; for the test attachShadow is opened before anything runs.
async function overlay(context, href) {
	const tab = await context.newPage();
	tab.errors = [];
	tab.on('pageerror', (e) => tab.errors.push(e.message));
	await tab.addInitScript(() => {
		const was = Element.prototype.attachShadow;
		Element.prototype.attachShadow = function () { return was.call(this, { mode: 'open' }); };
	});
	await tab.goto(href);
	return tab;
}

await card.fill('#f-page', 'shop');
await card.click('button:has-text("Открыть сайт и указать события")');
ok(!(await card.locator('#bind-link').count()), 'an address that is none makes no link');
const href = await link('/shoes/7');
ok(/\/shoes\/7#cxdp-bind=[\w.-]+$/.test(href), 'the token stands behind #: the site does not hear it', href);
ok((await card.textContent('main')).includes('нет среди сайтов'), 'a site that no rule names is asked about');
await picture(card, 'binder-link');

const marketer = await b.newContext({ locale: 'ru', viewport: { width: 1280, height: 800 } });
marketer.setDefaultTimeout(8000);
const tab = await overlay(marketer, href);
const calls = [];
tab.on('request', (r) => calls.push(r.url()));
await tab.waitForSelector('.panel .foot button.main');
is(new URL(tab.url()).hash, '', 'it leaves the address at once');
ok(await until(async () => (await card.textContent('main')).includes('Сайт открыт')), 'the card says that the site is open');
await picture(tab, 'binder-list');

await tab.click('.panel button:has-text("Указать элемент")');
await tab.hover('.buy >> nth=0');
ok(await until(async () => (await tab.textContent('.tip')).includes('buy') || (await tab.textContent('.tip')).includes('red-1')), 'what is pointed at is outlined and named', await tab.locator('.tip').allTextContents());
await picture(tab, 'binder-pick');
await tab.keyboard.press('ArrowUp');
ok(await until(async () => /^div/.test(await tab.textContent('.tip'))), 'an arrow goes to the parent');
await tab.keyboard.press('ArrowDown');
await tab.keyboard.press('Enter');
await tab.waitForSelector('.panel input.event');
is(await tab.evaluate(() => window.clicks), 0, 'the page hears nothing of it');
await tab.fill('.panel input.event', 'Нажал Купить');
await tab.click('.panel button:has-text("Все такие")');
is(await tab.locator('.box.all').count(), 2, 'all like it are counted and outlined');
await tab.click('.panel button:has-text("Похожие")');
is(await tab.inputValue('.panel input[aria-label="Где"]'), '/shoes/*', 'pages like this one');

await tab.click('.panel button:has-text("Значение со страницы")');
await tab.click('.price >> nth=0');
await tab.waitForSelector('.panel .preview');
ok((await tab.textContent('.preview')).includes('"price": 1299.5'), 'a value is pointed at, a price is a number', await tab.textContent('.preview'));
await tab.selectOption('.panel select[aria-label^="Из data layer"]', { label: 'shop.list = Туфли' });
await tab.selectOption('.panel select[aria-label^="Из адреса"]', { label: 'Часть пути 2: 7' });
ok(await until(async () => /"list": "Туфли"/.test(await tab.textContent('.preview')) && /"path_2": "7"/.test(await tab.textContent('.preview'))), 'data layer and address', await tab.textContent('.preview'));
await picture(tab, 'binder-form');
await tab.emulateMedia({ colorScheme: 'dark' });
await picture(tab, 'binder-form-dark');
await tab.emulateMedia({ colorScheme: 'light' });

calls.length = 0;
await tab.click('.panel button:has-text("Проверить")');
await tab.click('.buy >> nth=1');
await tab.click('.buy >> nth=0');
ok(await until(async () => (await tab.textContent('.times')).includes('2')), 'tried on the page, counted live', await tab.textContent('.panel'));
await tab.click('a.away');
is(new URL(tab.url()).pathname, '/shoes/7', 'links do not lead away meanwhile');
await picture(tab, 'binder-try');
ok(!calls.some((u) => u.includes('/batch')), 'and nothing is sent', calls);
await tab.keyboard.press('Escape');
await tab.waitForSelector('.panel .preview');
await tab.fill('.panel input[aria-label="Где"]', 'cart');
await tab.click('.panel button.main:has-text("Опубликовать")');
ok(await until(async () => (await tab.textContent('.panel')).includes('Не сохранено: «Где» — путь вроде')), 'what the server refuses is said in the language of the panel', await tab.textContent('.panel'));
await tab.fill('.panel input[aria-label="Где"]', '/shoes/*');
await tab.click('.panel button.main:has-text("Опубликовать")');
ok(await until(async () => (await tab.textContent('.panel')).includes('работает')), 'published', await tab.textContent('.panel'));
ok(!(await tab.evaluate(() => window.pwned)), 'what the page says is only text');

// A form: only the field that was chosen.
await tab.click('.panel button:has-text("Указать элемент")');
await tab.click('#callback button');
await tab.waitForSelector('.panel input.event');
is(await tab.inputValue('.panel select.kind'), 'submit', 'the button of a form means the form');
await tab.fill('.panel input.event', 'Просит позвонить');
for (const name of ['city', 'user_mail', 'city_pass']) {
	await tab.click('.panel button:has-text("Значение со страницы")');
	await tab.click(`input[name=${name}]`);
	await tab.waitForSelector('.panel .preview');
}
await tab.click('.panel button.main:has-text("Опубликовать")');
await tab.waitForSelector('.panel .item >> nth=1');
await tab.route('**/v1/binder', (r) => r.fulfill({ status: 404, headers: { 'access-control-allow-origin': '*' }, json: { success: false, message: 'no such binding' } }), { times: 1 });
await tab.click('.panel .item:has-text("Просит позвонить") button:has-text("Приостановить")');
ok(await until(async () => (await tab.textContent('.panel')).includes('Этого события уже нет')), 'one deleted elsewhere is said to be gone', await tab.textContent('.panel'));
ok(tab.errors.length === 0, 'the page is not broken', tab.errors);
await picture(tab, 'binder-bound');
ok(await tab.evaluate(() => sessionStorage.getItem('cxdp-bind')), 'the link holds in this tab');
await tab.click('.panel button[title="Закрыть"]');
await tab.waitForLoadState();
ok(await until(async () => await tab.evaluate(() => !sessionStorage.getItem('cxdp_bind'))), 'closed, the tag is itself again');
await marketer.close();

// A visitor.
await new Promise((r) => setTimeout(r, 5500)); // the door asks for rules again after five seconds
const visitor = await b.newContext({ locale: 'ru' });
const v = await visitor.newPage();
await v.goto(client.url + '/shoes/7?utm_source=test');
await v.waitForFunction(() => window.cxdp && window.cxdp.version);
await v.waitForTimeout(600);
await v.click('.buy >> nth=1');
await v.evaluate(() => window.cxdp.identify('buyer-1'));
await v.fill('input[name=city]', 'Минск');
await v.fill('input[name=user_mail]', 'secret@shop.example');
await v.fill('input[name=city_pass]', 'hunter2');
await v.click('#callback button');
await v.waitForTimeout(1500);

// A page that has replaced what pages are made of; nothing of ours may break it, and it does not break us for good.
const h = await visitor.newPage();
const broken = [];
h.on('pageerror', (e) => broken.push(e.message));
await h.goto(client.url + '/hostile');
await h.waitForTimeout(600);
await h.click('.buy >> nth=0');
await h.waitForTimeout(300);
is(broken.length, 0, 'a page that replaced prototypes is not broken by us', broken);
await visitor.close();

// A link that ended; and one of an English browser.
const strict = await b.newContext({ locale: 'en' });
const late = await overlay(strict, client.url + '/shoes/7#cxdp-bind=1.2.3.4.xxxxxxxxxxxxxxxxxxxxxx');
ok(await until(async () => (await late.textContent('.panel')).includes('does not work any more')), 'a link that ended says so in the panel');
await picture(late, 'binder-ended');
await late.reload();
await late.waitForTimeout(500);
is(await late.locator('.panel').count(), 0, 'and is forgotten');

// Sites that forbid it.
const s = await overlay(strict, await link('/strict'));
await s.waitForTimeout(500);
is(await s.locator('.panel').count(), 0, 'where a policy forbids our host there is no overlay');
await s.goto('about:blank');
const deaf = await overlay(strict, await link('/deaf'));
ok(await until(async () => (await deaf.textContent('.panel')).match(/connect-src|does not answer|не отвечает/)), 'where it may not speak it says so', await deaf.textContent('body'));
await strict.close();

// What is bound, on the card.
for (const lang of ['en', 'ru']) for (const theme of ['light', 'dark']) {
	await admin.addCookies([{ name: 'theme', value: theme, url }]);
	await card.emulateMedia({ colorScheme: theme });
	await card.goto(`${url}/sources/${source}/bindings`);
	if (await card.getAttribute('html', 'lang') !== lang) {
		await card.evaluate((l) => document.querySelector(`button[name=language][value=${l}]`)?.click(), lang);
		await card.waitForTimeout(500);
		await card.goto(`${url}/sources/${source}/bindings`);
	}
	if (theme === 'light' && lang === 'ru') {
		const axe = await new AxeBuilder({ page: card }).analyze();
		const bad = axe.violations.filter((x) => x.impact === 'serious' || x.impact === 'critical');
		ok(bad.length === 0, 'axe finds nothing serious on the card', bad.map((x) => `${x.id}: ${x.nodes.map((n) => n.html).slice(0, 2).join(' | ')}`).join('\n'));
	}
	await picture(card, `binder-card-${theme}-${lang}`);
}
await b.close();
client.close();
done();
