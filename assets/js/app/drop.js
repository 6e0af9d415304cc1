//	<details class="drop"><summary class="tb">…</summary><div class="menu menu-r">links, buttons</div></details>
//
// One is open at a time; a click outside, Escape and leaving by Tab close it; arrows walk inside.
function others(but) {
	for (const d of document.querySelectorAll("details.drop[open]"))
		if (d !== but && !d.contains(but))
			d.open = false;
}

export function drop() {
	document.addEventListener("click", (e) => {
		const mine = e.target instanceof Element && e.target.closest("details.drop");
		others(mine || null);
		if (mine && e.target.closest(".menu a, .menu [data-close]"))
			mine.open = false;
	});
	document.addEventListener("focusin", (e) => {
		const mine = e.target instanceof Element && e.target.closest("details.drop");
		if (!mine)
			others(null);
	});
	document.addEventListener("keydown", (e) => {
		const mine = e.target instanceof Element && e.target.closest("details.drop[open]");
		if (!mine)
			return;
		if (e.key === "Escape") {
			e.preventDefault();
			mine.open = false;
			mine.querySelector("summary").focus();
			return;
		}
		if ((e.key !== "ArrowDown" && e.key !== "ArrowUp") || e.target.matches("input, select, textarea"))
			return;
		const items = [...mine.querySelectorAll(".menu a, .menu button, .menu input")]
			.filter((i) => !i.disabled && i.offsetParent);
		if (!items.length)
			return;
		e.preventDefault();
		const at = items.indexOf(document.activeElement);
		const step = e.key === "ArrowDown" ? 1 : -1;
		items[at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length].focus();
	});
}
