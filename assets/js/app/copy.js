//	<button data-copy="#id">          copies the text (or the value) of #id
//	<button data-copy-text="…">       copies these words
//	<button data-eye="#password">     shows and hides what is typed; aria-pressed follows
import { say } from "./words.js";
import { toast } from "./toast.js";

async function put(text) {
	if (navigator.clipboard && window.isSecureContext)
		return navigator.clipboard.writeText(text);
	const area = document.createElement("textarea");
	area.value = text;
	area.className = "visually-hidden";
	document.body.append(area);
	area.select();
	const done = document.execCommand("copy");
	area.remove();
	if (!done)
		throw new Error("copy refused");
}

export function copy() {
	document.addEventListener("click", async (e) => {
		const eye = e.target.closest("[data-eye]");
		if (eye) {
			const input = document.querySelector(eye.dataset.eye);
			input.type = input.type === "password" ? "text" : "password";
			eye.setAttribute("aria-pressed", String(input.type === "text"));
			return;
		}
		const button = e.target.closest("[data-copy], [data-copy-text]");
		if (!button)
			return;
		const from = button.dataset.copy && document.querySelector(button.dataset.copy);
		const text = from ? (from.value !== undefined ? from.value : from.textContent) : button.dataset.copyText;
		try {
			await put(text.trim());
			toast(say("copied"), "good");
		} catch (err) {
			toast(say("copyFailed"), "bad");
		}
	});
}
