//	<div data-past="/segments/past?segment=1" data-past-of="rule" data-past-grown="ID" data-past-label="…">
//
// How many the rule in that textarea would have meant on each of the last days: asked after each pause in typing, a few days at a time
// until all are there, given up at the next key. Drawn as a chart (chart.js); what the server says against it stands there instead.
const pause = 600;

function chart(at, days, counts) {
	const known = days.map((d, i) => [d, counts[i]]).filter(([, n]) => n !== null);
	const plot = document.createElement("div");
	plot.dataset.chart = "spark";
	plot.className = "h-s";
	plot.setAttribute("aria-label", at.dataset.pastLabel);
	const data = document.createElement("script");
	data.type = "application/json";
	data.textContent = JSON.stringify({ labels: known.map(([d]) => d), locale: document.documentElement.lang,
		series: [{ name: at.dataset.pastLabel, values: known.map(([, n]) => n) }] });
	plot.append(data);
	at.replaceChildren(plot);
	document.dispatchEvent(new CustomEvent("cxdp:chart"));
}

function tell(at, text) {
	const p = document.createElement("p");
	p.className = "sm mut";
	p.textContent = text;
	at.replaceChildren(p);
}

function grown(at, counts) {
	const by = counts[counts.length - 1] - counts[0];
	const text = document.createElement("span");
	text.className = by > 0 ? "good" : by < 0 ? "bad" : "fnt";
	text.textContent = (by > 0 ? "+" : by < 0 ? "−" : "±") + Math.abs(by).toLocaleString(document.documentElement.lang);
	document.getElementById(at.dataset.pastGrown).replaceChildren(text);
}

async function ask(at, area, signal) {
	let counts = null;
	document.getElementById(at.dataset.pastGrown).replaceChildren();
	while (!signal.aborted) {
		const body = new URLSearchParams({ rule: area.value });
		if (counts)
			body.set("places", JSON.stringify(counts.map((n, i) => n === null ? i : -1).filter((i) => i >= 0)));
		const r = await fetch(at.dataset.past, { method: "POST", body, signal,
			headers: { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content } });
		const got = r.ok ? await r.json() : { days: [], counts: [] };
		if (signal.aborted)
			return;
		if (got.problem || !got.counts.length || got.counts.every((n) => n === null)) {
			tell(at, got.problem || "—");
			return;
		}
		const before = counts;
		let next = 0;
		counts = before ? before.map((n) => n === null ? got.counts[next++] : n) : got.counts;
		chart(at, got.days, counts);
		if (counts.every((n) => n !== null)) {
			grown(at, counts);
			return;
		}
	}
}

export function past() {
	for (const at of document.querySelectorAll("[data-past]")) {
		const area = document.getElementById(at.dataset.pastOf);
		let wait = 0;
		let going = null;
		const begin = () => {
			going = new AbortController();
			ask(at, area, going.signal).catch(() => {});
		};
		area.addEventListener("input", () => {
			if (going)
				going.abort();
			clearTimeout(wait);
			wait = setTimeout(begin, pause);
		});
		begin();
	}
	document.addEventListener("click", (e) => {
		const button = e.target instanceof Element && e.target.closest("[data-again]");
		if (button)
			document.querySelector(button.dataset.again).dispatchEvent(new CustomEvent("again", { bubbles: true }));
	});
}
