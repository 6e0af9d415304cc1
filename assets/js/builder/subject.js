// What a condition can be about: a list one searches, and the condition each begins as.
import { el, fresh } from "./dom.js";

const pages = ["page_view", "screen_view", "session_started", "scroll", "time_on_page", "click", "outbound_click", "form_start",
	"form_abandon", "form_submit", "video_start", "video_complete", "file_download", "not_found", "search"];
const first = ["city", "birthday", "gender", "email", "phone", "last_seen_at", "created_at", "source", "first_name", "last_name"];
const shown = 6;

const number = (type) => type === "number" || type === "money";

/* The condition a field begins as: how to compare by its type, still without a value. */
function fieldStart({ name, type }) {
	const test = number(type) ? { word: "at_least", args: [null] }
		: type === "bool" ? { word: "is", args: [true] }
			: type === "date" && name === "birthday" ? { word: "anniversary", args: ["7d"] }
				: type === "date" || type === "datetime" ? { word: "within_last", args: ["30d"] }
					: type === "geo" ? { word: "empty", args: [] } : { word: "is", args: [null] };
	return { is: { kind: "field", name, test }, not: type === "geo" };
}

const eventStart = (name) => ({ is: { kind: "event", name, filters: [], windows: [{ within: "30d" }], sum: "", prop: "", test: null }, not: false });

const pageStart = () => ({ is: { ...eventStart("page_view").is, filters: [{ prop: "url", test: { word: "contains", args: [null] } }] }, not: false });
const visitStart = () => ({ is: { ...eventStart("session_started").is, sum: "count", test: { word: "at_least", args: [2] } }, not: false });

function eventGroup(name) {
	return name.startsWith("email_") ? "kind_mail" : name.startsWith("consent_") ? "kind_consent" : pages.includes(name) ? "kind_page" : "kind_event";
}

export function subjects(words) {
	const list = [];
	const add = (group, label, start, hint = "") => list.push({ group, label, hint, start });
	const rank = (f) => (first.includes(f.name) ? first.indexOf(f.name) : first.length);
	for (const f of [...words.fields].sort((a, b) => rank(a) - rank(b)))
		add(f.state === "default" || f.state === "derived" ? "kind_field" : "kind_own", f.label, () => fieldStart(f), f.name);
	add("kind_page", words.say("page_at"), pageStart, "page_view url");
	add("kind_page", words.say("visits"), visitStart, "session_started");
	for (const e of words.events)
		add(eventGroup(e.name), e.label, () => eventStart(e.name), e.name);
	for (const c of words.campaigns)
		add("kind_mail", `${words.say("campaign")}: ${c.name}`, () => ({ is: { kind: "campaign", name: c.name, state: "opened" }, not: false }));
	for (const s of words.scenarios)
		add("kind_scenario", s.name, () => ({ is: { kind: "scenario", name: s.name, state: "entered" }, not: false }));
	for (const s of words.segments)
		add("kind_segment", s.name, () => ({ is: { kind: "segment", name: s.name }, not: false }));
	for (const c of words.channels)
		add("kind_consent", `${words.say("reachable")}: ${c.label}`, () => ({ is: { kind: "reachable", channel: c.name }, not: false }), c.name);
	for (const c of words.channels)
		add("kind_consent", `${words.say("consent")}: ${c.label}`, () => ({ is: { kind: "consent", channel: c.name }, not: false }), c.name);
	add("kind_other", words.say("near"), () => ({ is: { kind: "near", lat: null, lon: null, km: 30 }, not: false }), "near");
	add("kind_other", words.say("share"), () => ({ is: { kind: "share", percent: 10, salt: "" }, not: false }), "share");
	add("kind_other", words.say("known"), () => ({ is: { kind: "known" }, not: false }), "known");
	add("kind_other", words.say("where"), () => ({ is: { kind: "where", text: "" }, not: false }), "where");
	add("kind_other", words.say("lua"), () => ({ is: { kind: "lua", text: "" }, not: false }), "lua");
	const order = ["kind_field", "kind_own", "kind_event", "kind_page", "kind_mail", "kind_scenario", "kind_segment", "kind_consent", "kind_other"];
	return order.flatMap((g) => list.filter((x) => x.group === g));
}

function fits(subject, words, wanted) {
	const text = `${subject.label} ${subject.hint} ${words.say(subject.group)}`.toLowerCase();
	return wanted.every((w) => text.includes(w));
}

/* A combobox over the subjects; pick(subject) when one is chosen, leave() on Escape. */
export function picker(words, { pick, leave }) {
	const all = subjects(words);
	const id = fresh();
	const list = el("ul.subjects", { id, role: "listbox", "aria-label": words.say("about") });
	const input = el("input.in.in-s", {
		type: "search", role: "combobox", autocomplete: "off", placeholder: words.say("find"),
		"aria-label": words.say("about"), "aria-controls": id, "aria-expanded": "true", "aria-autocomplete": "list",
	});
	const wide = new Set();
	let found = [];
	let on = 0;

	function mark(step) {
		const items = list.querySelectorAll("[role=option]");
		on = Math.max(0, Math.min(items.length - 1, on + step));
		items.forEach((x, i) => x.setAttribute("aria-selected", String(i === on)));
		if (items[on]) {
			input.setAttribute("aria-activedescendant", items[on].id);
			if (step)
				items[on].scrollIntoView({ block: "nearest" });
		} else {
			input.removeAttribute("aria-activedescendant");
		}
	}

	function offer(s, label) {
		found.push(s);
		list.append(el(`li${s.wide ? ".mut" : ""}`, { role: "option", id: fresh(), data: { n: found.length - 1 } }, label));
	}

	/* One of the list; "more" of a group shows the rest of it. */
	function choose(n) {
		const s = found[n];
		if (!s.wide) {
			pick(s);
			return;
		}
		wide.add(s.group);
		draw();
		mark(n);
	}

	function draw() {
		const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
		const groups = new Map();
		for (const s of all.filter((x) => fits(x, words, wanted)))
			groups.set(s.group, [...(groups.get(s.group) || []), s]);
		found = [];
		list.replaceChildren();
		for (const [group, items] of groups) {
			list.append(el("li.subjects-h", { role: "presentation" }, words.say(group)));
			const most = wanted.length || wide.has(group) ? 100 : shown;
			items.slice(0, most).forEach((s) => offer(s, s.label));
			if (items.length > most)
				offer({ group, wide: true }, words.say("more_n", { n: items.length - most }));
		}
		if (!found.length)
			list.append(el("li.subjects-h", { role: "presentation" }, words.say("nothing")));
		on = 0;
		mark(0);
	}

	input.addEventListener("input", (e) => {
		e.stopPropagation();
		draw();
	});
	input.addEventListener("keydown", (e) => {
		if (e.key === "ArrowDown" || e.key === "ArrowUp")
			mark(e.key === "ArrowDown" ? 1 : -1);
		else if (e.key === "Enter" && found[on])
			choose(on);
		else if (e.key === "Escape")
			leave();
		else if (e.key !== "Enter")
			return;
		e.preventDefault();
		e.stopPropagation();
	});
	list.addEventListener("mousedown", (e) => e.preventDefault());
	list.addEventListener("click", (e) => {
		const item = e.target.closest("[role=option]");
		if (item)
			choose(Number(item.dataset.n));
	});
	draw();
	return { node: el("div.cf-pick", {}, input, list), focus: () => input.focus() };
}
