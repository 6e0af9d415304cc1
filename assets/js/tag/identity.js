// Who the visitor is: a random id in the first-party cookie cxdp_id, 13 months, mirrored in
// localStorage (whichever survives restores the other); the user id and the consent in localStorage.
// A browser without either gets an id that lives as long as the page.

const year = 395 * 86400;
const slot = "cxdp_id";

export const store = {
	get(name) {
		try {
			return localStorage.getItem(name);
		} catch (e) {
			return null;
		}
	},
	keys(start) {
		try {
			return Object.keys(localStorage).filter((k) => k.indexOf(start) === 0);
		} catch (e) {
			return [];
		}
	},
	set(name, value) {
		try {
			if (value === null)
				localStorage.removeItem(name);
			else
				localStorage.setItem(name, value);
			return true;
		} catch (e) {
			return false;
		}
	},
};

function readCookie() {
	try {
		const hit = /(?:^|; )cxdp_id=([\w-]{8,64})/.exec(document.cookie);
		return hit ? hit[1] : null;
	} catch (e) {
		return null;
	}
}

export class Identity {
	constructor(secure, domain) {
		this.tail = (domain ? "; domain=" + domain : "") + (secure ? "; secure" : "");
		this.kept = false;
		this.id = null;
		this.userId = null;
	}

	random() {
		const bytes = new Uint8Array(16);
		try {
			crypto.getRandomValues(bytes);
		} catch (e) {
			bytes.forEach((b, i) => { bytes[i] = Math.random() * 256; });
		}
		let s = "";
		bytes.forEach((b) => { s += ("0" + b.toString(16)).slice(-2); });
		return s;
	}

	cookie(value) {
		try {
			document.cookie = slot + "=" + (value || "") + "; path=/; max-age=" + (value ? year : 0) +
				"; samesite=lax" + this.tail;
		} catch (e) { /* a sandboxed page has no cookies */ }
	}

	/* Whether things may be stored from now on; turning it off forgets what was. */
	keep(on) {
		if (on) {
			const stored = store.get(slot);
			this.id = readCookie() || (stored && /^[\w-]{8,64}$/.test(stored) ? stored : null) ||
				this.id || this.random();
			this.userId = store.get("cxdp_user") || this.userId;
			this.cookie(this.id);
			store.set(slot, this.id);
		} else {
			/* Also from an earlier page, so always. */
			this.cookie(null);
			store.set(slot, null);
			store.set("cxdp_user", null);
			this.userId = null;
			this.id = null;
		}
		this.kept = on;
	}

	anonymous() {
		if (!this.id)
			this.id = this.random();
		return this.id;
	}

	user() {
		return this.userId;
	}

	setUser(id) {
		this.userId = id;
		if (this.kept)
			store.set("cxdp_user", id);
	}

	consent() {
		const word = store.get("cxdp_consent");
		return word === "full" || word === "anonymous" || word === "none" ? word : null;
	}

	setConsent(word) {
		store.set("cxdp_consent", word);
	}

	reset() {
		const kept = this.kept;
		this.keep(false);
		if (kept)
			this.keep(true);
	}
}
