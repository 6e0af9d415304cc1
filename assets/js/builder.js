// The builder of rules and the filter of the clients' list, loaded only by pages that have one.
//
//	<div data-builder="#rule" data-words-url="/segments/words" data-values-url="/segments/values" data-icons="…"></div>
//		the blocks of the textarea's rule; the textarea stays the truth. [data-undo] undoes.
//	<input id="parts"> <input id="narrow-parts">	what is to be counted, for the preview's request (hx-include)
//	<section id="narrow" hidden>			is filled from the preview's <div data-live="{…}">
//	<div data-filter data-words-url=… data-values-url=… data-icons=…><input type="hidden" name="rule"></div>
//		chips of the conditions of a list's form; a change sends the form
import { Board } from "./builder/board.js";
import { iconsAt } from "./builder/dom.js";
import { learn } from "./builder/say.js";
import { valuesAt } from "./builder/values.js";
import { drawNarrow } from "./builder/narrow.js";
import { filter } from "./builder/filter.js";

const most = 64 * 1024;

/* What the preview's answer says of counts, in data-live itself or inside it; htmx drops scripts, so the answer is read. */
function liveOf(xhr) {
	const at = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-live]");
	try {
		return at ? JSON.parse(at.dataset.live || at.textContent) : null;
	} catch (e) {
		return null;
	}
}

function build(host, words) {
	const area = document.querySelector(host.dataset.builder);
	const parts = document.getElementById("parts");
	const narrow = document.getElementById("narrow-parts");
	const card = document.getElementById("narrow");
	let counts = new Map();
	let sent = { list: [], narrow: [], titles: [] };
	const board = new Board(host, words, {
		read: () => area.value,
		write(text, joins) {
			area.value = text;
			area.dispatchEvent(new CustomEvent("change", { detail: { joins } }));
			if (!area.classList.contains("is-mounted"))
				area.dispatchEvent(new Event("input", { bubbles: true }));
			board.refresh();
		},
		undo: () => area.dispatchEvent(new Event("cxdp:undo")),
		redo: () => area.dispatchEvent(new Event("cxdp:redo")),
		light: (from, to, begin, end) => area.dispatchEvent(new CustomEvent("cxdp:light", { detail: { from, to, begin, end } })),
		count: (source) => counts.get(source),
	});
	const ready = () => {
		const now = board.parts();
		const json = JSON.stringify(now.list);
		const fits = json.length <= most && now.list.length <= 100;
		parts.value = fits ? json : "[]";
		narrow.value = fits ? JSON.stringify(now.narrow) : "[]";
		return now;
	};
	ready();
	area.addEventListener("input", () => {
		if (board.text !== area.value)
			board.refresh();
		ready();
	});
	area.addEventListener("cxdp:at", (e) => board.pointed(e.detail.at));
	document.addEventListener("htmx:configRequest", (e) => {
		if (e.detail.elt === area)
			sent = ready();
	});
	document.addEventListener("htmx:afterRequest", (e) => {
		if (e.detail.elt !== area || !e.detail.successful)
			return;
		const live = liveOf(e.detail.xhr);
		if (!live || !Array.isArray(live.parts))
			return;
		counts = new Map(sent.list.map((s, i) => [s, live.parts[i]]));
		drawNarrow(card, words, { total: live.total, counts: live.narrow, titles: sent.titles, sources: sent.narrow.map((i) => sent.list[i]) });
		board.recount();
	});
	for (const b of document.querySelectorAll("[data-undo]"))
		b.addEventListener("click", () => board.rule[b.dataset.undo === "redo" ? "redo" : "undo"]());
	for (const b of document.querySelectorAll("[data-rule-add]"))
		b.addEventListener("click", () => !board.odd && board.add(""));
	const ask = () => area.dispatchEvent(new Event("again"));
	if (area.classList.contains("htmx-request"))
		area.addEventListener("htmx:afterRequest", ask, { once: true });
	else
		ask();
}

async function start() {
	for (const host of document.querySelectorAll("[data-builder], [data-filter]")) {
		iconsAt(host.dataset.icons);
		valuesAt(host.dataset.valuesUrl);
		if (host.dataset.filter !== undefined) {
			filter(host);
			continue;
		}
		try {
			build(host, await learn(host.dataset.wordsUrl));
		} catch (e) {
			host.classList.add("is-away");
			throw e;
		}
	}
}

if (document.readyState === "loading")
	document.addEventListener("DOMContentLoaded", start);
else
	start();
