// cxdp.js: the tracking tag of a site.
//
//	<script async src="https://HOST/cxdp.js" data-key="WRITE_KEY"></script>
//
// Attributes of the script: data-key (the source's write key), data-respect-dnt (do nothing when the
// browser says Do Not Track or Global Privacy Control), data-no-page (no automatic page views),
// data-domain="example.by" (one id for all its subdomains),
// data-consent="full|anonymous|none" (what holds until the visitor says otherwise; else what the source's page says).
//
// Before it loads:	window.cxdp = window.cxdp || []; cxdp.push(["track", "Name", {price: 10}]);
// After:		cxdp.identify(userId?, traits, {identityToken}?)   cxdp.track(name, props)   cxdp.page(name?, props)
//			cxdp.reset()   cxdp.consent("full" | "anonymous" | "none", {text: "the words shown"})
//
// consent: full keeps the id; anonymous sends events under an id that lives as long as the page and
// stores nothing, and what identify() is told is not sent; none sends and stores nothing and forgets what was kept.
// What the page pushed of consent before the tag was there holds from the beginning.
//
// Nothing is stored or sent before the source's rules are here (settings.js), unless the visitor has chosen already. What it sees by
// itself: auto.js, shop.js; visits: session.js.
//
// Forms, only those that ask for it (form.js):
//	<form data-cxdp-form="Newsletter">
//	  <input data-cxdp="email"> …  <input type="checkbox" data-cxdp-consent="email sms">
//
// It must never break the page: every door is guarded and says nothing.
import { queueOf } from "./queue.js";
import { identityOf, modes } from "./identity.js";
import { sessionOf } from "./session.js";
import { settings, wanted } from "./settings.js";
import { cleanText, cleanUrl, campaign, clone, json, setMask } from "./page.js";
import { captureForm } from "./form.js";
import { watch as watchPage } from "./auto.js";
import { shop } from "./shop.js";

/* Every function the page may call, or the browser calls for us, goes through here. */
function guard(fn) {
	return function (...args) {
		try {
			return fn.apply(this, args);
		} catch (e) {
			return undefined;
		}
	};
}

function findScript() {
	return document.currentScript && document.currentScript.dataset.key ? document.currentScript
		: document.querySelector("script[data-key][src*='cxdp.js']");
}

function now() {
	return new Date().toISOString();
}

function hostOf(script) {
	return new URL(script.src, location.href).origin;
}

/* Another part of the tag, from its own host: it finds what it needs on its element. */
function load(script, part, given) {
	const one = document.createElement("script");
	one.src = hostOf(script) + "/cxdp-" + part + ".js";
	one.cxdp = given;
	document.documentElement.appendChild(one);
}

function start(script) {
	const key = script.dataset.key;
	const host = hostOf(script);
	const has = (name) => script.hasAttribute(name);
	const nav = navigator;
	const asked = nav.doNotTrack === "1" || window.doNotTrack === "1" || nav.globalPrivacyControl === true;
	let refused = has("data-respect-dnt") && asked;
	const identity = identityOf(location.protocol === "https:", script.dataset.domain);
	const chosen = identity.consent();
	let state = "none";
	let config = {};
	let begun = false;
	const parts = []; // auto.js, bound.js: told of each place
	const tell = (what) => parts.forEach((p) => p[what] && p[what]());
	const session = sessionOf(identity.random);
	const queue = queueOf(host + "/v1/batch", key, identity.random().slice(0, 8), () => state === "full");
	let lastPage = "";
	let referrer = document.referrer;

	function context() {
		const c = {
			page: {
				path: location.pathname, url: cleanUrl(location.href), search: cleanUrl(location.search),
				title: cleanText(document.title).slice(0, 300), referrer: cleanUrl(referrer),
			},
			locale: nav.language, screen: { width: screen.width, height: screen.height, density: devicePixelRatio },
			library: { name: "cxdp.js", version: __VERSION__ },
		};
		try {
			c.timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
		} catch (e) { /* an old or broken Intl: the server does without */ }
		const utm = campaign(location.search);
		if (utm)
			c.campaign = utm;
		return c;
	}

	/* The visit something belongs to; its beginning is an event of its own, or marked on the first one. */
	function visit(type) {
		const marks = campaign(location.search);
		const s = session.touch(state === "full", marks ? json(marks) : "");
		if (!s.start)
			delete s.start;
		else if (type !== "session" && wanted(config, "session")) {
			send("session", { type: "track", event: "Session Started", properties: {} }, { session: s });
			delete s.start;
		}
		return s;
	}

	function send(type, fields, extra, soon) {
		if (state === "none")
			return;
		const own = extra && extra.session ? extra : Object.assign({ session: visit(type) }, extra);
		const call = { type, messageId: "tag-" + identity.random(), timestamp: now(), anonymousId: identity.anonymous() };
		const user = state === "full" && identity.user();
		if (user)
			call.userId = user;
		Object.assign(call, clone(fields));
		call.context = Object.assign(context(), clone(own));
		queue.add(call, soon);
	}

	function page(name, props, soon) {
		const own = typeof name === "object" && name ? name : props;
		const c = context().page;
		const call = { properties: Object.assign(c, clone(own || {})) };
		if (typeof name === "string" && name)
			call.name = name;
		lastPage = here();
		send("page", call, null, soon);
	}

	function identify(userId, traits, extra, soon) {
		let id = userId;
		let t = traits;
		if (typeof id === "object" && id !== null) {
			t = id;
			id = undefined;
		}
		if (id !== undefined && id !== null && id !== "" && state === "full")
			identity.setUser(String(id));
		send("identify", { traits: t || {} }, extra, soon);
	}

	/* What the visitor answered is a statement about analytics, with the words shown to them. */
	function say(granted, asked) {
		const text = asked && asked.text ? String(asked.text).slice(0, 1000) : "";
		send("identify", { traits: {} }, { consent: [{ channel: "analytics", granted, text, url: location.origin + location.pathname, at: now() }] }, true);
	}

	function consent(word, asked) {
		if (!modes.test(word) || refused)
			return;
		const was = state;
		if (was === "full" && word !== "full") {
			if (word === "none")
				queue.drop(); /* only the refusal itself is told */
			say(false, asked);
			queue.flush();
		}
		state = word;
		if (word !== "full")
			session.forget();
		identity.keep(word === "full");
		identity.setConsent(word);
		queue.save();
		if (word === "none")
			queue.drop();
		else if (was === "none" && !has("data-no-page"))
			page(undefined, undefined, true);
		if (word === "full")
			say(true, asked);
	}

	function track(name, props) {
		if (typeof name === "string" && name)
			send("track", { event: name, properties: props || {} });
	}

	/* Before the rules are here, calls wait in memory. */
	const held = [];
	const door = (name, fn) => guard((...args) => {
		if (begun)
			fn(...args);
		else if (held.length < 200)
			held.push([name, ...args]);
	});
	const api = {
		identify: door("identify", (id, traits, extra) => state === "anonymous" || identify(id, traits, extra && extra.identityToken
			? { identityToken: String(extra.identityToken) } : null)),
		track: door("track", track),
		page: door("page", (name, props) => page(name, props)),
		reset: door("reset", () => {
			queue.flush();
			identity.reset();
			session.forget();
		}),
		consent: door("consent", consent),
		flush: guard(() => queue.flush()),
		version: __VERSION__,
	};
	const run = guard((call) => api[call[0]](...[...call].slice(1))); /* what is no call of ours throws, and is passed over */
	api.push = (...calls) => calls.forEach(run);

	/* A page view of its own for every place of a single page application, once a place. */
	const here = () => location.pathname + location.search;
	const moved = guard(() => {
		if (here() === lastPage)
			return;
		/* The title is usually set right after. */
		setTimeout(guard(() => {
			if (here() === lastPage)
				return;
			tell("left");
			page();
			referrer = location.href;
			tell("arrived");
		}), 50);
	});
	function watch(method) {
		const was = history[method];
		history[method] = function (...args) {
			const r = was.apply(this, args);
			moved();
			return r;
		};
	}

	const leave = guard(() => queue.leave());
	const waiting = Array.isArray(window.cxdp) ? window.cxdp.slice() : [];
	window.cxdp = api;

	function listen() {
		addEventListener("pagehide", guard(() => {
			tell("left");
			leave();
		}));
		document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
		addEventListener("pageshow", guard((e) => {
			if (!e.persisted)
				return;
			if (!has("data-no-page"))
				page(undefined, undefined, true);
			tell("arrived");
		}));
		addEventListener("online", guard(() => queue.flush()));
		document.addEventListener("submit", guard((e) => captureForm(e.target, {
			identify: (traits, extra) => identify(undefined, traits, extra, false),
			track: (name, props) => send("track", { event: name, properties: props }),
			done: leave, url: cleanUrl(location.href), at: now(),
		})), true);
	}

	const begin = guard((word) => {
		if (begun)
			return;
		begun = true;
		const first = waiting.concat(held);
		const said = !chosen && first.filter((call) => call && call[0] === "consent").pop();
		state = refused ? "none" : said && modes.test(said[1]) ? said[1] : word;
		identity.keep(state === "full");
		queue.take();
		listen();
		if (!has("data-no-page") && wanted(config, "page")) {
			page(undefined, undefined, true);
			referrer = location.href;
			guard(watch)("pushState");
			guard(watch)("replaceState");
			addEventListener("popstate", moved);
		}
		first.forEach(run);
	});

	if (chosen || refused)
		begin(chosen || "none");
	settings(host, key, guard((found) => {
		config = found;
		setMask(config.mask, config.mask_values);
		if (config.respect_dnt && asked && !refused) {
			refused = true;
			if (begun) {
				state = "none";
				identity.keep(false);
				session.forget();
				queue.drop();
			}
		}
		begin(script.dataset.consent || config.consent || "full");
		const join = (part) => {
			parts.push(part);
			part.arrived();
		};
		join(watchPage({ config, track, guard }));
		if (wanted(config, "ecommerce"))
			shop(track, guard);
		if ((config.bindings || []).length) {
			load(script, "bound", guard((bind, mask) => {
				mask(config.mask, config.mask_values);
				join(bind({ list: config.bindings, guard, fire: (b, properties) =>
					send("track", { event: b.event, properties }, { binding: b.id }) }));
			}));
		}
	}));
}

/* Opened by a link of the source's page to point at events: then the page is not watched at all, and the overlay is loaded from the
 * tag's own host. The token leaves the address at once; it lives as long as this tab, over its pages. */
function binding(script) {
	const m = /[#&](cxdp-bind)=([\w.-]+)/.exec(location.hash);
	if (m)
		history.replaceState(history.state, "", location.pathname + location.search + location.hash.replace(m[0], ""));
	const kept = guard(() => m ? sessionStorage.setItem(m[1], m[2]) : sessionStorage.getItem("cxdp-bind"))();
	const token = m ? m[2] : kept;
	if (token)
		load(script, "bind", { token, key: script.dataset.key });
	return token;
}

guard(() => {
	const script = findScript();
	if (!script || (window.cxdp && window.cxdp.version) || guard(binding)(script))
		return;
	/* A page the browser opens ahead is not yet seen by anybody. */
	if (document.prerendering)
		document.addEventListener("prerenderingchange", guard(() => start(script)), { once: true });
	else
		start(script);
})();
