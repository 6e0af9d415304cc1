// Links that are carried, and files that go into a text.
//
//	<a href="URL" draggable="true" data-drag="URL">    carried onto [data-drop] it goes to URL, as a click does
//	<section data-drop>                                 .drop-on while something of ours is over it
//	<input type=file data-file-into="#people">          the file's text stands in that field afterwards
const kind = "text/x-cxdp-link";

function over(e) {
	const at = e.target instanceof Element && e.target.closest("[data-drop]");
	return at && e.dataTransfer && [...e.dataTransfer.types].includes(kind) ? at : null;
}

function leave() {
	for (const el of document.querySelectorAll(".drop-on"))
		el.classList.remove("drop-on");
}

async function take(input) {
	const field = document.querySelector(input.dataset.fileInto);
	const file = input.files[0];
	if (!field || !file)
		return;
	const text = await file.text();
	field.value = field.value ? field.value.replace(/\n?$/, "\n") + text : text;
	input.value = "";
	field.dispatchEvent(new Event("input", { bubbles: true }));
	field.focus();
}

export function carry() {
	document.addEventListener("dragstart", (e) => {
		const el = e.target instanceof Element && e.target.closest("[data-drag]");
		if (!el || !e.dataTransfer)
			return;
		e.dataTransfer.setData(kind, el.dataset.drag);
		e.dataTransfer.effectAllowed = "copyLink";
	});
	document.addEventListener("dragover", (e) => {
		const at = over(e);
		if (!at)
			return;
		e.preventDefault();
		e.dataTransfer.dropEffect = "copy";
		at.classList.add("drop-on");
	});
	document.addEventListener("dragleave", (e) => {
		if (e.target instanceof Element && e.target.matches("[data-drop]"))
			leave();
	});
	document.addEventListener("dragend", leave);
	document.addEventListener("drop", (e) => {
		const at = over(e);
		const to = at && e.dataTransfer.getData(kind);
		if (!at)
			return;
		e.preventDefault();
		leave();
		const url = new URL(to, location.href);
		if (url.origin === location.origin)
			location.assign(url.href);
	});
	document.addEventListener("change", (e) => {
		if (e.target instanceof Element && e.target.matches("[data-file-into]"))
			take(e.target);
	});
}
