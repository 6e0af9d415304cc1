// What stands by a chart: the legend with totals, and the same numbers as a table.
import { colourOf, label, number, total } from "./number.js";
import { say } from "../app/words.js";

function make(tag, cls, ...children) {
	const el = document.createElement(tag);
	if (cls)
		el.className = cls;
	el.append(...children);
	return el;
}

/* A button a series (a link where it has href); toggled(i, on) when one is pressed. */
export function legend(data, toggled) {
	const box = make("div", "lg mt-2");
	data.series.forEach((s, i) => {
		const mark = make("i", "bg-" + colourOf(s, i));
		const sum = make("b", "", number(data, total(s.values)));
		if (s.href) {
			const a = make("a", "plain", s.name + " ", sum);
			a.href = s.href;
			box.append(make("span", "", mark, a));
			return;
		}
		const b = make("button", "", mark, s.name + " ", sum);
		b.type = "button";
		b.setAttribute("aria-pressed", "true");
		b.addEventListener("click", () => {
			const on = b.getAttribute("aria-pressed") !== "true";
			b.setAttribute("aria-pressed", String(on));
			toggled(i, on);
		});
		box.append(b);
	});
	if (data.series.some((s) => s.previous))
		box.append(make("span", "push", make("i", "tick"), data.previousLabel || say("previous")));
	return box;
}

export function table(data, caption) {
	const before = data.series.some((s) => s.previous);
	const many = data.series.length > 1;
	const head = make("tr", "", make("th", "", data.labelName || say("day")));
	const names = data.series.map((s) => s.name);
	if (many)
		names.push(say("total"));
	if (before)
		names.push(data.previousLabel || say("previous"));
	for (const n of names)
		head.append(make("th", "r", n));
	for (const th of head.children)
		th.scope = "col";
	const body = make("tbody", "");
	data.labels.forEach((l, i) => {
		const tr = make("tr", "", make("td", "", label(data, l, true)));
		for (const s of data.series)
			tr.append(make("td", "r", number(data, (s.values || [])[i])));
		if (many)
			tr.append(make("td", "r b", number(data, total(data.series.map((s) => (s.values || [])[i])))));
		if (before)
			tr.append(make("td", "r mut", number(data, total(data.series.map((s) => (s.previous || [])[i])))));
		body.append(tr);
	});
	const t = make("table", "t t-d", make("caption", "visually-hidden", caption || ""), make("thead", "", head), body);
	const box = make("div", "chart-table", t);
	box.tabIndex = 0;
	return box;
}
