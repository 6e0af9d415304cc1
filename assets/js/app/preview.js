//	<form data-preview="NAME" data-preview-action="/…">   what stands in the form is posted into the
//	<iframe name="NAME" id="NAME" sandbox="">             frame of that name, at first and as one types
//
// The frame is replaced each time: the first document of a new frame makes no entry in the history.
const pause = 500;

function show(form) {
	const old = document.getElementById(form.dataset.preview);
	if (!old)
		return;
	const frame = old.cloneNode(false);
	old.replaceWith(frame);
	const copy = document.createElement("form");
	copy.method = "post";
	copy.action = form.dataset.previewAction;
	copy.target = frame.name;
	copy.hidden = true;
	for (const [name, value] of new FormData(form)) {
		const field = document.createElement("textarea");
		field.name = name;
		field.value = value;
		copy.append(field);
	}
	document.body.append(copy);
	copy.submit();
	copy.remove();
}

export function preview() {
	for (const form of document.querySelectorAll("form[data-preview]")) {
		let wait = 0;
		form.addEventListener("input", () => {
			clearTimeout(wait);
			wait = setTimeout(show, pause, form);
		});
		show(form);
	}
}
