// Published SDKs, unmodified, pointed at us: node sdk-all.mjs URL WRITE_KEY. The browsers' run in Chromium on a page of another origin,
// which serves their files as npm has them. Says what failed, and ends with 1 if anything did.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [url, writeKey] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const modules = join(dirname(fileURLToPath(import.meta.url)), "../node_modules");
const failed = [];

async function rudderNode() {
	const { default: Analytics } = await import("@rudderstack/rudder-sdk-node");
	const client = new (Analytics.default || Analytics)(writeKey, { dataPlaneUrl: url, flushInterval: 200, logLevel: "error" });
	for (let i = 0; i < 25; i++)
		client.track({ userId: "rudder-node", event: "Order Completed", properties: { total: i } });
	client.identify({ userId: "rudder-node", traits: { email: "rudder@shop.example", firstName: "Ян" } });
	await new Promise((done) => client.flush(done));
}

async function jitsuNode() {
	const { jitsuAnalytics } = require("@jitsu/js");
	const client = jitsuAnalytics({ host: url, writeKey: writeKey + ":secret", s2s: true });
	await client.identify("jitsu-node", { email: "jitsu@shop.example" });
	await client.track("Order Completed", { total: 7 });
}

const files = {
	"/ajs.js": "@segment/analytics-next/dist/umd/index.js",
	"/rudder.js": "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
	"/jitsu.js": "@jitsu/js/dist/jitsu.es.js",
};
const pages = {
	"/segment": `<script src="/ajs.js"></script><script>
		window.done = AnalyticsNext.AnalyticsBrowser.load({ writeKey: "${writeKey}", cdnURL: "${url}" },
			{ integrations: { "Segment.io": { apiHost: "${url.replace(/^https?:\/\//, "")}/v1", protocol: "http" } } });
		done.identify("ajs-user", { email: "ajs@shop.example" });
		done.track("Order Completed", { total: 9 });
		done.page("Home");</script>`,
	"/rudder": `<script src="/rudder.js"></script><script>
		const Client = rudderanalytics.RudderAnalytics || rudderanalytics;
		const r = typeof Client === "function" ? new Client() : Client;
		r.load("${writeKey}", "${url}", { configUrl: "${url}/v1", plugins: [], sendAdblockPage: false });
		r.identify("rudder-web", { email: "rudderweb@shop.example" });
		r.track("Order Completed", { total: 10 });
		r.page("Home");</script>`,
	"/jitsu": `<script type="module">
		import { jitsuAnalytics } from "/jitsu.js";
		const j = jitsuAnalytics({ host: "${url}", writeKey: "${writeKey}:secret" });
		await j.identify("jitsu-web", { email: "jitsuweb@shop.example" });
		await j.track("Order Completed", { total: 11 });</script>`,
};

async function browsers() {
	const server = createServer((req, res) => {
		const path = req.url.split("?")[0];
		if (files[path]) {
			res.setHeader("Content-Type", "text/javascript");
			return res.end(readFileSync(join(modules, files[path])));
		}
		if (path.endsWith(".js")) {
			try {
				return res.end(readFileSync(join(modules, dirname(files["/ajs.js"]), path)));
			} catch (e) { /* not one of ours */ }
		}
		res.setHeader("Content-Type", "text/html; charset=utf-8");
		return res.end(`<!doctype html><title>x</title>${pages[path] || ""}`);
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
	for (const name of Object.keys(pages)) {
		const tab = await browser.newPage();
		const posts = [];
		tab.on("pageerror", (e) => failed.push(`${name}: ${e}`));
		tab.on("response", (r) => {
			if (r.url().startsWith(url) && r.request().method() !== "OPTIONS") {
				posts.push(r.url());
				if (r.status() !== 200)
					failed.push(`${name}: ${r.status()} ${r.url()}`);
			}
		});
		await tab.goto(`http://127.0.0.1:${server.address().port}${name}`);
		const end = Date.now() + 8000;
		while (posts.filter((p) => /\/v1\/(i|t|p|identify|track|page|batch|b)$|\/api\/s\/(identify|track)/.test(p)).length < 2 && Date.now() < end)
			await new Promise((k) => setTimeout(k, 50));
		await tab.waitForTimeout(500);
		await tab.close();
	}
	await browser.close();
	server.close();
	server.closeAllConnections();
}

for (const part of [rudderNode, jitsuNode, browsers]) {
	try {
		await part();
	} catch (e) {
		failed.push(`${part.name}: ${e && e.stack}`);
	}
}
console.log(failed.join("\n"));
process.exit(failed.length ? 1 : 0);
