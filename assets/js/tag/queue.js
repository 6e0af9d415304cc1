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

export class Queue {
	constructor(url, key, name, mayStore) {
		this.url = url;
		this.key = key;
		this.mayStore = mayStore;
		this.fetch = window.fetch ? window.fetch.bind(window) : null;
		this.waiting = [];
		this.sending = null;
		this.tries = 0;
		this.timer = 0;
		this.notBefore = 0;
		this.slot = slot + name;
	}

	/* What earlier pages could not send. A tab that still lives may send it too: same messageId. */
	take() {
		const list = [];
		store.keys(slot).forEach((name) => {
			const kept = store.get(name);
			store.set(name, null);
			try {
				list.push(...JSON.parse(kept).filter((c) => c && c.messageId));
			} catch (e) { /* not ours any more */ }
		});
		if (!list.length || !this.mayStore())
			return;
		this.waiting = list.slice(-most);
		this.later(1000);
	}

	/* Keeps on the disk what is not delivered; forgets it where nothing may be kept. */
	save() {
		const all = (this.sending || []).concat(this.waiting).slice(-most);
		store.set(this.slot, all.length && this.mayStore() ? json(all) : null);
	}

	add(call, soon) {
		if (size(json(call)) > callBytes)
			return;
		this.waiting.push(call);
		if (this.waiting.length > most)
			this.waiting.splice(0, this.waiting.length - most);
		if (this.tries)
			this.save();
		if (soon || this.waiting.length >= perBatch)
			this.flush();
		else
			this.later(1000);
	}

	later(ms) {
		if (this.timer)
			return;
		const wait = Math.max(ms, this.notBefore - Date.now());
		this.timer = setTimeout(() => {
			this.timer = 0;
			try {
				this.flush();
			} catch (e) { /* the next event tries again */ }
		}, wait);
	}

	body(calls) {
		return json({ writeKey: this.key, sentAt: new Date().toISOString(), batch: calls });
	}

	/* The events from the head of the queue that fit in limit bytes, at most ten. */
	head(limit) {
		let n = Math.min(perBatch, this.waiting.length);
		while (n > 1 && size(this.body(this.waiting.slice(0, n))) > limit)
			n--;
		return this.waiting.slice(0, n);
	}

	flush() {
		if (this.sending || !this.waiting.length)
			return;
		if (Date.now() < this.notBefore) {
			this.later(0);
			return;
		}
		const calls = this.head(beaconBytes);
		this.sending = calls;
		this.waiting.splice(0, calls.length);
		this.post(this.body(calls)).then((r) => this.answered(r), () => this.answered({ status: 0 }))
			.catch(() => {});
	}

	post(body) {
		if (!this.fetch)
			return this.xhr(body);
		return this.fetch(this.url, {
			method: "POST", body, keepalive: true, credentials: "omit", mode: "cors",
			headers: { "Content-Type": "text/plain" },
		}).then((r) => ({ status: r.status, after: r.headers.get("Retry-After") }));
	}

	xhr(body) {
		return new Promise((done) => {
			const x = new XMLHttpRequest();
			x.open("POST", this.url);
			x.setRequestHeader("Content-Type", "text/plain");
			x.onloadend = () => done({ status: x.status });
			x.send(body);
		});
	}

	answered(r) {
		const calls = this.sending || [];
		this.sending = null;
		const again = r.status === 0 || r.status >= 500 || r.status === 429 || r.status === 408;
		if (!again) {
			this.tries = 0;
			this.notBefore = 0;
			this.save();
			if (this.waiting.length)
				this.later(this.waiting.length >= perBatch ? 0 : 1000);
			return;
		}
		this.waiting = calls.concat(this.waiting).slice(-most);
		this.tries++;
		const asked = Math.min(300, Math.max(0, parseInt(r.after, 10) || 0)) * 1000;
		const pause = Math.min(300000, 1000 * Math.pow(2, Math.min(this.tries, 9) - 1));
		this.notBefore = Date.now() + Math.max(asked, pause * (0.75 + Math.random() / 2));
		this.save();
		if (this.timer) {
			clearTimeout(this.timer);
			this.timer = 0;
		}
		this.later(0);
	}

	/* The page is going away (or may be): all that fits goes by beacon, the rest waits on the disk. */
	leave() {
		if (Date.now() >= this.notBefore && navigator.sendBeacon) {
			let room = beaconBytes;
			while (this.waiting.length) {
				const calls = this.head(room);
				const body = this.body(calls);
				room -= size(body);
				if (room < 0 || !navigator.sendBeacon(this.url, new Blob([body], { type: "text/plain" })))
					break;
				this.waiting.splice(0, calls.length);
			}
		}
		this.save();
	}

	drop() {
		this.waiting = [];
		this.tries = 0;
		this.notBefore = 0;
		this.sending = null;
		this.save();
	}
}
