// Who the visitor is: a random id in the first-party cookie cxdp_id, 13 months, mirrored in
// localStorage (whichever survives restores the other); the user id and the consent in localStorage.
// A browser without either gets an id that lives as long as the page.

const year = 395 * 86400;
const slot = "cxdp_id";

export const modes = /^(full|anonymous|none)$/;

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

function random() {
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

/* secure: of an https page; domain: whose subdomains share the id, or nothing. */
export function identityOf(secure, domain) {
	const tail = (domain ? "; domain=" + domain : "") + (secure ? "; secure" : "");
	let kept = false, id = null, userId = null;

	function cookie(value) {
		try {
			document.cookie = slot + "=" + (value || "") + "; path=/; max-age=" + (value ? year : 0) +
				"; samesite=lax" + tail;
		} catch (e) { /* a sandboxed page has no cookies */ }
	}

	/* Whether things may be stored from now on; turning it off forgets what was. */
	function keep(on) {
		if (on) {
			const stored = store.get(slot);
			id = readCookie() || (stored && /^[\w-]{8,64}$/.test(stored) ? stored : null) || id || random();
			userId = store.get("cxdp_user") || userId;
			cookie(id);
			store.set(slot, id);
		} else {
			/* Also from an earlier page, so always. */
			cookie(null);
			store.set(slot, null);
			store.set("cxdp_user", null);
			userId = id = null;
		}
		kept = on;
	}

	return {
		random, keep,
		anonymous: () => id || (id = random()),
		user: () => userId,
		setUser(given) {
			userId = given;
			if (kept)
				store.set("cxdp_user", given);
		},
		consent() {
			const word = store.get("cxdp_consent");
			return modes.test(word) ? word : null;
		},
		setConsent(word) {
			store.set("cxdp_consent", word);
		},
		reset() {
			const was = kept;
			keep(false);
			if (was)
				keep(true);
		},
	};
}
