// What waits to be sent. A batch leaves after a second, at ten events, at once for the first page
// view, or by sendBeacon when the page goes away. A failed one (network, 5xx, 408, 429) is tried again
// later, also by the next page: up to 200 events wait in localStorage, each page under a key of its
// own, so that tabs do not lose each other's; the next page takes them all over. Any other 4xx drops the batch,
// as trying again would not help. Calls keep their messageId, so a batch that did arrive counts once.
import { json } from "./page.js";
import { store } from "./identity.js";

const slot = "cxdp_queue.";
const most = 200;
const perBatch = 10;
const beaconBytes = 60000;
const callBytes = 30000;

function size(text) {
	try {
		return new Blob([text]).size;
	} catch (e) {
		return text.length * 3;
	}
}

/* Calls on their way to url. name: of this page's own place on the disk; mayStore(): whether they may wait there. */
export function queueOf(url, key, name, mayStore) {
	const mine = slot + name;
	const ask = window.fetch.bind(window);
	let waiting = [], sending = null, tries = 0, timer = 0, notBefore = 0;

	/* What earlier pages could not send. A tab that still lives may send it too: same messageId. */
	function take() {
		const list = [];
		store.keys(slot).forEach((name) => {
			const kept = store.get(name);
			store.set(name, null);
			try {
				list.push(...JSON.parse(kept).filter((c) => c && c.messageId));
			} catch (e) { /* not ours any more */ }
		});
		if (!list.length || !mayStore())
			return;
		waiting = list.slice(-most);
		later(1000);
	}

	/* Keeps on the disk what is not delivered; forgets it where nothing may be kept. */
	function save() {
		const all = (sending || []).concat(waiting).slice(-most);
		store.set(mine, all.length && mayStore() ? json(all) : null);
	}

	function add(call, soon) {
		if (size(json(call)) > callBytes)
			return;
		waiting = waiting.concat([call]).slice(-most);
		if (tries)
			save();
		if (soon || waiting.length >= perBatch)
			flush();
		else
			later(1000);
	}

	function later(ms) {
		if (timer)
			return;
		const wait = Math.max(ms, notBefore - Date.now());
		timer = setTimeout(() => {
			timer = 0;
			try {
				flush();
			} catch (e) { /* the next event tries again */ }
		}, wait);
	}

	function packed(calls) {
		return json({ writeKey: key, sentAt: new Date().toISOString(), batch: calls });
	}

	/* The events from the head of the queue that fit in limit bytes, at most ten. */
	function head(limit) {
		let n = Math.min(perBatch, waiting.length);
		while (n > 1 && size(packed(waiting.slice(0, n))) > limit)
			n--;
		return waiting.slice(0, n);
	}

	function flush() {
		if (sending || !waiting.length)
			return;
		if (Date.now() < notBefore) {
			later(0);
			return;
		}
		const calls = head(beaconBytes);
		sending = calls;
		waiting.splice(0, calls.length);
		post(packed(calls)).then(answered, () => answered({ status: 0 }))
			.catch(() => {});
	}

	function post(body) {
		return ask(url, {
			method: "POST", body, keepalive: true, credentials: "omit", mode: "cors",
			headers: { "Content-Type": "text/plain" },
		}).then((r) => ({ status: r.status, after: r.headers.get("Retry-After") }));
	}

	function answered(r) {
		const calls = sending || [];
		sending = null;
		const again = r.status === 0 || r.status >= 500 || r.status === 429 || r.status === 408;
		if (!again) {
			tries = 0;
			notBefore = 0;
			save();
			if (waiting.length)
				later(waiting.length >= perBatch ? 0 : 1000);
			return;
		}
		waiting = calls.concat(waiting).slice(-most);
		tries++;
		const asked = Math.min(300, Math.max(0, parseInt(r.after, 10) || 0)) * 1000;
		const pause = Math.min(300000, 1000 * Math.pow(2, Math.min(tries, 9) - 1));
		notBefore = Date.now() + Math.max(asked, pause * (0.75 + Math.random() / 2));
		save();
		clearTimeout(timer);
		timer = 0;
		later(0);
	}

	/* The page is going away (or may be): all that fits goes by beacon, the rest waits on the disk. */
	function leave() {
		if (Date.now() >= notBefore && navigator.sendBeacon) {
			let room = beaconBytes;
			while (waiting.length) {
				const calls = head(room);
				const body = packed(calls);
				room -= size(body);
				if (room < 0 || !navigator.sendBeacon(url, new Blob([body], { type: "text/plain" })))
					break;
				waiting.splice(0, calls.length);
			}
		}
		save();
	}

	function drop() {
		waiting = [];
		tries = 0;
		notBefore = 0;
		sending = null;
		save();
	}

	return { take, save, add, flush, leave, drop };
}
