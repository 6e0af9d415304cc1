// What the builder knows of the company and says in the reader's language; all of it comes from the server.
//
//	await learn(url)	{fields, events, segments, campaigns, scenarios, channels, say}; asked once a page
//	new Words(it)		.say(key, {places}, n)  .field(name)  .event(name) …
let asked = null;

export function learn(url) {
	asked = asked || fetch(url, { headers: { Accept: "application/json" } })
		.then((r) => (r.ok ? r.json() : Promise.reject(new Error(String(r.status)))))
		.then((json) => new Words(json))
		.catch((e) => {
			asked = null;
			throw e;
		});
	return asked;
}

const language = () => document.documentElement.lang || "ru";

export class Words {
	constructor(json) {
		this.phrases = json.say || {};
		this.aliases = json.aliases || {};
		this.byName = {};
		for (const kind of ["fields", "events", "segments", "campaigns", "scenarios", "channels"]) {
			this[kind] = json[kind] || [];
			this.byName[kind] = new Map(this[kind].map((x) => [x.name.toLowerCase(), x]));
		}
		this.plural = new Intl.PluralRules(language());
	}

	say(key, places = {}, n = null) {
		let text = this.phrases[key];
		if (Array.isArray(text)) {
			const form = text.length === 2 ? (this.plural.select(n) === "one" ? 0 : 1)
				: ["one", "few"].includes(this.plural.select(n)) ? ["one", "few"].indexOf(this.plural.select(n)) : 2;
			text = Number.isInteger(n) || text.length === 2 ? text[form] : text[1];
		}
		return String(text ?? key).replace(/\{(\w+)\}/g, (all, name) => (name in places ? places[name] : all));
	}

	has(key) {
		return key in this.phrases;
	}

	find(kind, name) {
		const small = String(name).toLowerCase();
		return this.byName[kind].get((kind === "events" && this.aliases[name]) || small);
	}

	label(kind, name) {
		const found = this.find(kind, name);
		return (found && (found.label || found.name)) || name;
	}

	/* A segment, campaign or scenario goes by name or number. */
	named(kind, name) {
		return this.find(kind, name) || this[kind].find((x) => String(x.id) === String(name));
	}

	number(v) {
		return v.toLocaleString(language(), { maximumFractionDigits: 6 });
	}

	date(text) {
		const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
		if (!m)
			return text;
		return new Date(Date.UTC(m[1], m[2] - 1, m[3])).toLocaleDateString(language(), { timeZone: "UTC" });
	}

	span(text) {
		const m = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text);
		if (!m)
			return text;
		const n = Number(m[1]);
		return this.say(m[2], { n: this.number(n) }, n);
	}

	value(v) {
		return typeof v === "number" ? this.number(v) : typeof v === "boolean" ? this.say(v ? "yes" : "no") : v;
	}
}
