//	<form> or <table data-picks>     the scope
//	  <input type=checkbox class=ck data-check-all>           all rows
//	  <input type=checkbox class=ck name=id data-check-row>   one row; Shift picks a range; tr.sel-row
//	  <span data-check-count></span>     how many, in the page's digits
//	  <div class="bulk" data-check-bar hidden>                shown while any is picked
//	  <input type=checkbox data-check-whole data-check-whole-n="12 400">   everybody, not only these rows: said as the count
//	  <button type=button data-check-none>                    drops the choice
import { lang } from "./words.js";

let last = null;

function scope(el) {
	return el.closest("[data-picks]") || el.closest("form") || el.closest("table");
}

function show(root) {
	const rows = [...root.querySelectorAll("[data-check-row]")];
	const on = rows.filter((r) => r.checked);
	for (const r of rows) {
		const tr = r.closest("tr");
		if (tr)
			tr.classList.toggle("sel-row", r.checked);
	}
	for (const all of root.querySelectorAll("[data-check-all]")) {
		all.checked = rows.length > 0 && on.length === rows.length;
		all.indeterminate = on.length > 0 && on.length < rows.length;
	}
	const whole = root.querySelector("[data-check-whole]");
	if (whole && !on.length)
		whole.checked = false;
	for (const c of root.querySelectorAll("[data-check-count]"))
		c.textContent = whole && whole.checked ? whole.dataset.checkWholeN : on.length.toLocaleString(lang());
	for (const bar of root.querySelectorAll("[data-check-bar]"))
		bar.hidden = !on.length;
}

export function pick() {
	document.addEventListener("click", (e) => {
		const el = e.target;
		if (!(el instanceof Element))
			return;
		const none = el.closest("[data-check-none]");
		if (!none && !el.matches("[data-check-all], [data-check-row], [data-check-whole]"))
			return;
		const root = scope(none || el);
		const rows = [...root.querySelectorAll("[data-check-row]")];
		if (!none && el.matches("[data-check-whole]")) {
			show(root);
			return;
		}
		if (none || el.matches("[data-check-all]")) {
			for (const r of rows)
				r.checked = !none && el.checked;
		} else if (e.shiftKey && rows.includes(last)) {
			const [a, b] = [rows.indexOf(last), rows.indexOf(el)].sort((x, y) => x - y);
			for (const r of rows.slice(a, b + 1))
				r.checked = el.checked;
		}
		if (!none)
			last = el;
		show(root);
	});
	const start = () => {
		for (const root of new Set([...document.querySelectorAll("[data-check-row]")].map(scope)))
			show(root);
	};
	start();
	document.addEventListener("htmx:load", start);
	window.addEventListener("pageshow", start);
}
