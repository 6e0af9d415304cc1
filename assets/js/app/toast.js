// A short word in the corner. The server says one by a response header:
//	HX-Trigger: {"toast": {"text": "Сохранено", "kind": "good"}}        kind: good, warn, bad, or none
// A bad one stays until closed.
import { say } from "./words.js";

export function toast(text, kind = "") {
	let box = document.querySelector(".toasts");
	if (!box) {
		box = document.createElement("div");
		box.className = "toasts";
		box.setAttribute("role", "status");
		box.setAttribute("aria-live", "polite");
		document.body.append(box);
	}
	const el = document.createElement("div");
	el.className = "toast " + kind;
	const words = document.createElement("span");
	words.textContent = text;
	const close = document.createElement("button");
	close.type = "button";
	close.textContent = "×";
	close.setAttribute("aria-label", say("close"));
	close.addEventListener("click", () => el.remove());
	el.append(words, close);
	box.append(el);
	while (box.children.length > 4)
		box.firstChild.remove();
	if (kind !== "bad")
		setTimeout(() => el.remove(), 5000);
}
