//	any form                    a second submit while the first is under way does nothing
//	<form data-download>        its answer is a file: buttons come back by themselves
//	<form data-dirty>           leaving with changes asks; [data-dirty-note] inside shows while changed;
//	                            [data-look] inside is only looked with: nothing of it is saved
//	<select data-auto>          a change submits its form (keep a .no-js button for those without script)
//	[aria-invalid=true]         the first one is focused when the page opens
const busy = new WeakSet();
const dirty = new Set();

function rest(form, on) {
	for (const b of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
		b.classList.toggle("is-busy", on);
		if (on)
			b.setAttribute("aria-disabled", "true");
		else
			b.removeAttribute("aria-disabled");
	}
	if (on)
		busy.add(form);
	else
		busy.delete(form);
}

function changed(form, on) {
	if (on)
		dirty.add(form);
	else
		dirty.delete(form);
	for (const note of form.querySelectorAll("[data-dirty-note]"))
		note.hidden = !on;
}

export function form() {
	document.addEventListener("submit", (e) => {
		const f = e.target;
		if (busy.has(f)) {
			e.preventDefault();
			e.stopImmediatePropagation();
		}
	}, true);
	document.addEventListener("submit", (e) => {
		const f = e.target;
		if (e.defaultPrevented || f.method === "dialog")
			return;
		changed(f, false);
		if (f.target && f.target !== "_self")
			return;
		rest(f, true);
		if ("download" in f.dataset)
			setTimeout(() => rest(f, false), 3000);
	});
	document.addEventListener("htmx:beforeRequest", (e) => {
		if (e.detail.elt instanceof HTMLFormElement && e.detail.requestConfig.verb !== "get" && !e.defaultPrevented)
			rest(e.detail.elt, true);
	});
	document.addEventListener("htmx:afterRequest", (e) => {
		if (!(e.detail.elt instanceof HTMLFormElement))
			return;
		rest(e.detail.elt, false);
		if (e.detail.successful && e.detail.requestConfig.verb !== "get")
			changed(e.detail.elt, false);
	});
	window.addEventListener("pageshow", () => {
		for (const f of document.forms)
			rest(f, false);
	});
	document.addEventListener("input", (e) => {
		const f = e.target.closest && e.target.closest("form[data-dirty]");
		if (f && !e.target.closest("[data-look]"))
			changed(f, true);
	});
	document.addEventListener("reset", (e) => changed(e.target, false));
	document.addEventListener("change", (e) => {
		if (e.target.matches && e.target.matches("[data-auto]") && e.target.form)
			e.target.form.requestSubmit();
	});
	window.addEventListener("beforeunload", (e) => {
		if ([...dirty].some((f) => f.isConnected)) {
			e.preventDefault();
			e.returnValue = "";
		}
	});
	const wrong = document.querySelector("[aria-invalid=true]");
	if (wrong)
		wrong.focus();
}
