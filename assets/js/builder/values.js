// What people have in a field, what properties events of a type have, and what stands in them; asked once for each question.
const asked = new Map();
let base = "";

export function valuesAt(url) {
	base = url;
}

export const ofField = (name) => `field=${encodeURIComponent(name)}`;
export const ofEvent = (name) => `event=${encodeURIComponent(name)}`;
/* "" while the property has no name. */
export const ofProp = (event, prop) => (prop && prop.trim() ? `${ofEvent(event)}&prop=${encodeURIComponent(prop.trim())}` : "");

/* [{value, count}]; empty when nobody answers. */
export function ask(what, q) {
	const url = `${base}?${what}&q=${encodeURIComponent(q)}`;
	if (!base)
		return Promise.resolve([]);
	if (!asked.has(url))
		asked.set(url, fetch(url, { headers: { Accept: "application/json" } })
			.then((r) => (r.ok ? r.json() : { values: [] })).then((j) => j.values || [])
			.catch(() => {
				asked.delete(url);
				return [];
			}));
	return asked.get(url);
}
