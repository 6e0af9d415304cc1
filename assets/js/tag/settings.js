// What the source's page says of the tag: GET /v1/projects/KEY/settings, its member "cxdp". Nothing is stored or sent before it is
// here, unless the visitor has chosen already; it is asked again a few times, and held by the browser's cache for a minute.

const tries = [0, 2000, 8000, 30000];

export function settings(host, key, done) {
	const ask = (n) => {
		if (n >= tries.length || !window.fetch)
			return;
		setTimeout(() => {
			fetch(host + "/v1/projects/" + encodeURIComponent(key) + "/settings", { credentials: "omit", mode: "cors" })
				.then((r) => r.ok ? r.json() : Promise.reject(r.status))
				.then((body) => done((body && body.cxdp) || {}))
				.catch((why) => {
					if (!(why >= 400 && why < 500))
						ask(n + 1);
				});
		}, tries[n]);
	};
	ask(0);
}

/* Whether an event of the tag's own list is wanted. */
export function wanted(config, name) {
	const events = config.events || {};
	return name === "form_abandon" ? events[name] === true : events[name] !== false;
}
