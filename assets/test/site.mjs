// A tiny shop on one port and the collecting door on another (as in life: another origin). The door
// keeps what it got; its next answers can be set.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");

export function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
	});
}

export function listen(handler) {
	const server = createServer(handler);
	return new Promise((done) => server.listen(0, "127.0.0.1", () =>
		done({ server, url: `http://127.0.0.1:${server.address().port}` })));
}

function read(req) {
	return new Promise((done) => {
		const parts = [];
		req.on("data", (d) => parts.push(d));
		req.on("end", () => done(Buffer.concat(parts).toString("utf8")));
	});
}

export async function door(tagFile) {
	const got = [];
	const answers = [];
	/* automatic events are off, but where a test is about them */
	const quiet = { session: false, click: false, outbound: false, download: false, scroll: false, form: false, video: false,
		search: false, ecommerce: false, not_found: false, rage_click: false, time: false, copy: false };
	const asked = { n: 0, status: 0, parts: [], config: { events: quiet } };
	const { server, url } = await listen(async (req, res) => {
		res.setHeader("Access-Control-Allow-Origin", "*");
		res.setHeader("Access-Control-Expose-Headers", "Retry-After");
		if (/^\/cxdp(-bound)?\.js$/.test(req.url)) {
			asked.parts.push(req.url);
			res.setHeader("Content-Type", "text/javascript");
			res.end(readFileSync(tagFile.replace(/cxdp\.js$/, req.url.slice(1))));
			return;
		}
		if (req.url.startsWith("/v1/projects/")) {
			asked.n++;
			if (asked.status)
				res.statusCode = asked.status;
			res.setHeader("Content-Type", "application/json");
			res.end(JSON.stringify({ cxdp: asked.config }));
			return;
		}
		const text = await read(req);
		const answer = answers.shift() || { status: 200 };
		got.push({ method: req.method, url: req.url, type: req.headers["content-type"], text, at: Date.now(),
			status: answer.status, body: text ? JSON.parse(text) : null });
		if (answer.after)
			res.setHeader("Retry-After", answer.after);
		res.writeHead(answer.status, { "Content-Type": "application/json" });
		res.end('{"success":true}');
	});
	return {
		server, url, got, answers, asked,
		calls: (type, ok = true) => got.filter((g) => g.method === "POST" && (!ok || g.status === 200))
			.flatMap((g) => g.body.batch).filter((c) => !type || c.type === type),
		reset() {
			got.length = 0;
			answers.length = 0;
			Object.assign(asked, { n: 0, status: 0, config: { events: quiet } });
		},
	};
}

/* pages: path -> html */
export async function shop(pages) {
	return listen(async (req, res) => {
		const path = req.url.split("?")[0];
		await read(req);
		res.setHeader("Content-Type", "text/html; charset=utf-8");
		const page = pages[path];
		res.writeHead(page ? 200 : 404);
		res.end(typeof page === "function" ? page(req) : page || "none");
	});
}

export async function until(test, what, ms = 6000) {
	const end = Date.now() + ms;
	for (;;) {
		const r = await test();
		if (r)
			return r;
		if (Date.now() > end)
			throw new Error("waited in vain for " + what);
		await new Promise((k) => setTimeout(k, 40));
	}
}
