// Visits: one ends after 30 minutes of silence, or when the visitor comes by another campaign. Kept in localStorage only where things
// may be kept, else as long as the page.
import { json } from "./page.js";
import { store } from "./identity.js";

const slot = "cxdp_session";
const silence = 30 * 60000;

/* random(): an id for a visit. touch: {id, number, start} of something that happens now. */
export function sessionOf(random) {
	let last = null;
	return {
		touch(kept, marks) {
			const at = Date.now();
			let s = last;
			if (kept) {
				try {
					const held = JSON.parse(store.get(slot));
					if (held && typeof held.id === "string" && (!s || held.at > s.at))
						s = held;
				} catch (e) { /* not ours any more */ }
			}
			const start = !s || at - s.at > silence || at < s.at - silence || (!!marks && marks !== s.marks);
			if (start)
				s = { id: random(), number: s && s.number > 0 ? s.number + 1 : 1, marks };
			last = { id: s.id, number: s.number, marks: s.marks, at };
			if (kept)
				store.set(slot, json(last));
			return { id: s.id, number: s.number, start };
		},
		forget() {
			last = null;
			store.set(slot, null);
		},
	};
}
