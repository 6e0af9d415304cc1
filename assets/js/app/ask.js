//	<button data-confirm="Стереть 1 204 профиля?" data-confirm-yes="Стереть 1 204 профиля" data-confirm-bad>
//
// On a button, a link or a form, native or htmx: a dialog asks before anything happens. data-confirm
// is the title, data-confirm-text a sentence under it, -yes the word on the button (the count belongs
// there), -bad makes it red.
import { say } from "./words.js";

const passed = new WeakSet();

function make(tag, cls, text) {
	const el = document.createElement(tag);
	el.className = cls;
	if (text)
		el.textContent = text;
	return el;
}

function confirmed(el) {
	const d = el.dataset;
	const dialog = document.createElement("dialog");
	const head = make("div", "dlg-h");
	const title = make("h2", "", d.confirm || say("sure"));
	title.id = "ask-title";
	dialog.setAttribute("aria-labelledby", title.id);
	head.append(title);
	dialog.append(head);
	if (d.confirmText)
		dialog.append(make("div", "dlg-b", d.confirmText));
	const foot = make("div", "dlg-f");
	const no = make("button", "btn btn-o", d.confirmNo || say("no"));
	const yes = make("button", "btn btn-p" + ("confirmBad" in d ? " btn-bad" : ""), d.confirmYes || say("yes"));
	no.type = yes.type = "button";
	foot.append(no, yes);
	dialog.append(foot);
	document.body.append(dialog);
	return new Promise((done) => {
		no.addEventListener("click", () => dialog.close());
		yes.addEventListener("click", () => dialog.close("yes"));
		dialog.addEventListener("click", (e) => e.target === dialog && dialog.close());
		dialog.addEventListener("close", () => {
			dialog.remove();
			done(dialog.returnValue === "yes");
		});
		dialog.showModal();
		no.focus();
	});
}

async function guard(e, el, again) {
	if (passed.has(el)) {
		passed.delete(el);
		return;
	}
	e.preventDefault();
	e.stopImmediatePropagation();
	if (await confirmed(el)) {
		passed.add(el);
		again();
	} else {
		el.focus();
	}
}

export function ask() {
	document.addEventListener("click", (e) => {
		const el = e.target instanceof Element && e.target.closest("[data-confirm]");
		if (el && !(el instanceof HTMLFormElement) && !el.disabled)
			guard(e, el, () => el.click());
	}, true);
	document.addEventListener("submit", (e) => {
		if (e.target.dataset && "confirm" in e.target.dataset) {
			const by = e.submitter;
			guard(e, e.target, () => e.target.requestSubmit(by || undefined));
		}
	}, true);
}
