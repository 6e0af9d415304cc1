// The console of a mapping in a real Chromium: node hook.mjs URL LOGIN_PATH EMAIL PASSWORD SOURCE. Says TAP.
import { browser, done, is, ok, picture, until } from './browser.mjs';

const [url, login, email, password, source] = process.argv.slice(2);
const b = await browser();
const said = [];
try {
	const context = await b.newContext({ locale: 'ru', viewport: { width: 1440, height: 900 } });
	context.setDefaultTimeout(8000);
	const page = await context.newPage();
	page.on('console', (m) => m.type() === 'error' && !/style-src-attr|inline style|status of 422/.test(m.text()) && said.push(m.text()));
	page.on('pageerror', (e) => said.push(e.message));
	await page.goto(`${url}${login}?next=/sources/${source}/mapping`);
	await page.fill('#email', email);
	await page.fill('#password', password);
	await page.click('form.gate-x button[type=submit]');
	await page.waitForURL(`${url}/sources/${source}/mapping`);
	ok(await until(async () => await page.isVisible('.cm-editor')), 'the text is in the editor');
	const type = (text) => page.evaluate((t) => {
		const area = document.querySelector('#script');
		area.value = t;
		area.dispatchEvent(new Event('change', { bubbles: true }));
	}, text);
	await type('return { event = "From a browser", email = body.email }');
	await page.fill('#f-sample', '{"email":"b@shop.example"}');
	await page.fill('#f-type', 'application/json');
	await page.click('button:has-text("Проверить")');
	ok(await until(async () => (await page.textContent('#tried')).includes('From a browser')), 'a try shows the event without leaving the page');
	ok((await page.textContent('#tried')).includes('газа'), 'and what it cost');
	await type('local x = 1\n\nreturn body.a.b');
	await page.click('button:has-text("Проверить")');
	ok(await until(async () => await page.isVisible('.cm-lint-marker-error')), 'what is wrong stands beside its line');
	await picture(page, 'mapping-wrong');
	await page.click('button:has-text("Платёж")');
	await page.waitForLoadState();
	ok((await page.inputValue('#script')).includes('Payment Received'), 'a text to begin with');
	for (const [scheme, language] of [['light', 'ru'], ['dark', 'ru'], ['light', 'en'], ['dark', 'en']]) {
		if (!process.env.CXDP_PICTURES) break;
		await page.emulateMedia({ colorScheme: scheme });
		await page.goto(`${url}/me`);
		const csrf = await page.inputValue('input[name=csrf]');
		await page.request.post(`${url}/language`, { form: { csrf, language, next: '/' }, headers: { origin: url } });
		for (const tab of ['mapping', 'hook']) {
			await page.goto(`${url}/sources/${source}/${tab}`);
			await page.waitForTimeout(400);
			await picture(page, `${tab}-${scheme}-${language}`);
		}
	}
	is(said.join('\n'), '', 'nothing is complained of in the console');
} finally {
	await b.close();
}
done();
