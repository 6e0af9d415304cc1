// The small controls of the form: how to compare, with what, when. Each writes into what it is given and says when
// the form must be drawn again.
import { el, fresh, labelled, options } from "./dom.js";
import { ask } from "./values.js";

const number = ["is", "is_not", "at_least", "at_most", "more", "less", "between"];
const text = ["is", "is_not", "one_of", "contains", "starts", "matches", "empty"];
const date = ["within_last", "within_next", "anniversary", "before", "after", "between", "empty"];
export const kinds = {
	number: [...number, "one_of", "empty"], count: number, text, choice: text, email: text, phone: text, url: text,
	bool: ["is", "empty"], date, datetime: date, instant: ["within_last", "before", "after", "between", "empty"],
	list: ["is", "one_of", "empty"], multichoice: ["is", "one_of", "empty"], geo: ["empty"], money: [...number, "empty"],
	prop: ["is", "is_not", "one_of", "contains", "starts", "matches", "at_least", "at_most", "more", "less", "between", "empty",
		"before", "after", "within_last", "within_next"],
};
const twofold = ["contains", "starts", "matches", "one_of", "empty", "changed", "is"];
const spans = ["within_last", "within_next", "anniversary", "changed"];
const numeric = ["at_least", "at_most", "more", "less"];

const isSpan = (v) => typeof v === "string" && /^\d+[smhdw]$/.test(v);
const isDay = (v) => typeof v === "string" && /^\d{4}-\d\d-\d\d$/.test(v);

/* What was typed as a value: a number where it is one by its looks, unless it was a text before. */
export function valueOf(typed, before, type) {
	if (before !== null && before !== undefined && String(before) === typed)
		return before;
	if (["number", "money", "count"].includes(type) || (type === "prop" && typed !== "" && String(Number(typed)) === typed))
		return typed.trim() === "" || !Number.isFinite(Number(typed.replace(",", "."))) ? null : Number(typed.replace(",", "."));
	return typed === "" ? null : typed;
}

/* Words to choose from: [value, label]; "~word" is a word the other way round, where conditions may be. */
function wordList(words, type, now, not, canTurn, changed) {
	const list = [...(kinds[type] || text)];
	if (changed)
		list.push("changed");
	if (!list.includes(now))
		list.push(now);
	const has = (w) => ((type === "list" || type === "multichoice") && w === "is" ? "has" : w);
	const out = [];
	for (const w of list) {
		out.push([w, words.say(`op_${has(w)}`)]);
		const plainTwin = w === "is" && list.includes("is_not");
		if (canTurn && !plainTwin && (twofold.includes(w) || (not && w === now)))
			out.push([`~${w}`, words.say(`op_${has(w)}_no`)]);
	}
	return out;
}

/* The arguments a word begins with, keeping what can be kept. */
export function argsFor(word, args) {
	if (word === "empty")
		return [];
	if (spans.includes(word))
		return [isSpan(args[0]) ? args[0] : "30d"];
	if (word === "between")
		return [args[0] ?? null, args[1] ?? null].map((v) => (isSpan(v) ? null : v));
	if (word === "one_of")
		return args.filter((v) => v !== null);
	const first = args[0] ?? null;
	if (numeric.includes(word) && typeof first !== "number")
		return [null];
	return [isSpan(first) && (word === "before" || word === "after") ? null : first];
}

/* A text control that writes through set(typed). */
export function input(label, value, set, more = {}) {
	const control = el("input.in.in-s", { type: "text", value: value ?? "", autocomplete: "off", ...more });
	control.addEventListener("input", (e) => {
		e.stopPropagation();
		control.removeAttribute("aria-invalid");
		set(control.value);
	});
	return labelled(label, control, { hidden: true });
}

export function select(label, list, value, set, cls = "") {
	const control = options(list, value);
	control.addEventListener("input", (e) => e.stopPropagation());
	control.addEventListener("change", (e) => {
		e.stopPropagation();
		set(control.value);
	});
	return labelled(label, control, { hidden: true, cls });
}

/* 30 days: a number and its unit; a duration we cannot take apart stays a text. */
export function span(words, label, value, set) {
	const m = /^(\d+)([smhdw])$/.exec(value);
	if (!m && value)
		return [input(label, value, set)];
	let [, n, unit] = m || ["", "", "d"];
	const tell = () => set(n === "" ? null : n + unit);
	return [
		input(`${label}: ${words.say("f_number")}`, n, (v) => {
			n = /^\d+$/.test(v.trim()) ? v.trim() : "";
			tell();
		}, { inputMode: "numeric", size: 3, className: "in in-s px-64" }),
		select(`${label}: ${words.say("f_unit")}`, ["m", "h", "d", "w"].concat(unit === "s" ? "s" : []).map((u) => [u, words.say(`unit_${u}`)]), unit, (v) => {
			unit = v;
			tell();
		}),
	];
}

export function day(label, value, set) {
	const plain = value === null || value === "" || isDay(value);
	return input(label, value, (v) => set(v === "" ? null : v), plain ? { type: "date" } : {});
}

function listText(args) {
	const all = args.map(String);
	return all.some((v) => v.includes(",")) ? `${all.join("\n")}\n` : all.join(", ");
}

export function listOf(typed, type) {
	const parts = (typed.includes("\n") ? typed.split("\n") : typed.split(",")).map((s) => s.trim()).filter((s) => s !== "");
	return parts.map((v) => valueOf(v, null, type)).filter((v) => v !== null);
}

/* Suggestions under an input: what people have in a field, what properties an event has; url may be a function, asked each time. */
export function suggested(row, url) {
	const control = row.querySelector("input");
	if (!control || !url)
		return row;
	const list = el("datalist", { id: fresh() });
	control.setAttribute("list", list.id);
	let last = null;
	const fill = async () => {
		const q = control.value;
		const what = typeof url === "function" ? url() : url;
		if (last === `${what} ${q}`)
			return;
		last = `${what} ${q}`;
		const values = what ? await ask(what, q) : [];
		if (last === `${what} ${q}`)
			list.replaceChildren(...values.map((v) => el("option", { value: v.value, label: v.count === undefined ? null : String(v.count) })));
	};
	control.addEventListener("focus", fill);
	control.addEventListener("input", fill);
	row.append(list);
	return row;
}

function listControl(words, test, type, set) {
	const area = el("textarea.in.in-s", { rows: 2, value: listText(test.args) });
	area.addEventListener("input", (e) => {
		e.stopPropagation();
		area.removeAttribute("aria-invalid");
		set(listOf(area.value, type));
	});
	return labelled(words.say("f_values"), area, { hidden: true, cls: ".cf-w" });
}

/* The arguments of a test as controls. */
export function argControls(words, test, type, url) {
	const set = (i) => (v) => {
		test.args[i] = v;
	};
	const dates = ["date", "datetime", "instant"].includes(type);
	if (test.word === "empty")
		return [];
	if (spans.includes(test.word))
		return span(words, words.say("f_value"), test.args[0], set(0));
	if (test.word === "one_of")
		return [listControl(words, test, type, (list) => {
			test.args = list;
		})];
	if (test.word === "between" && (dates || isDay(test.args[0])))
		return [day(words.say("f_from"), test.args[0], set(0)), day(words.say("f_till"), test.args[1], set(1))];
	if (test.word === "before" || test.word === "after")
		return [day(words.say("f_value"), test.args[0], set(0))];
	if (type === "bool")
		return [select(words.say("f_value"), [["true", words.say("yes")], ["false", words.say("no")]], String(test.args[0]), (v) => set(0)(v === "true"))];
	const kind = numeric.includes(test.word) || test.word === "between" ? "number" : type;
	const typed = (i, label) => {
		const before = test.args[i];
		return input(label, before, (v) => set(i)(valueOf(v, before, kind)), kind === "number" || kind === "count" ? { inputMode: "decimal", className: "in in-s px-96" } : {});
	};
	if (test.word === "between")
		return [typed(0, words.say("f_from")), typed(1, words.say("f_till"))];
	return [suggested(typed(0, words.say("f_value")), url)];
}

/* How to compare, and with what. owner has .test; turn(not) is there where a condition may be turned round. */
export function testControls(words, { owner, type, not, turn, url, draw, changed }) {
	const { test } = owner;
	const now = (not ? "~" : "") + test.word;
	const pick = select(words.say("f_test"), wordList(words, type, test.word, not, !!turn, changed), now, (v) => {
		const word = v.replace("~", "");
		owner.test = { word, args: word === test.word ? test.args : argsFor(word, test.args) };
		if (turn)
			turn(v.startsWith("~"));
		draw();
	});
	return [pick, ...argControls(words, test, type, url)];
}
