//	/                           focuses [data-search], or the input in .search
//	?                           opens <dialog id="shortcuts">
//	<a data-key="n">            a single letter presses it (not while one types)
//	<button data-dialog="#id">  opens a dialog; [data-close] inside or a click outside closes it
function typing(t) {
	return t.isContentEditable || t.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, .cm-editor");
}

function open(dialog) {
	if (dialog && dialog.showModal && !dialog.open)
		dialog.showModal();
}

export function keys() {
	document.addEventListener("keydown", (e) => {
		if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || !(e.target instanceof Element))
			return;
		const search = document.querySelector("[data-search], .search input");
		if (e.key === "Escape" && e.target === search)
			search.blur();
		if (typing(e.target) || document.querySelector("dialog[open]"))
			return;
		if (e.key === "/" && search) {
			e.preventDefault();
			search.focus();
			search.select();
		} else if (e.key === "?") {
			open(document.getElementById("shortcuts"));
		} else if (/^[a-zа-я]$/i.test(e.key)) {
			const target = document.querySelector(`[data-key="${e.key.toLowerCase()}"]`);
			if (target) {
				e.preventDefault();
				target.click();
			}
		}
	});
	document.addEventListener("click", (e) => {
		const opener = e.target.closest("[data-dialog]");
		if (opener) {
			e.preventDefault();
			open(document.querySelector(opener.dataset.dialog));
		}
		const inside = e.target.closest("dialog");
		if (inside && (e.target.closest("[data-close]") || e.target === inside))
			inside.close();
	});
}
