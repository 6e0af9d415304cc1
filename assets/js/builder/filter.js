// The filter of a list: the rule of its form as chips, one for each condition that must hold, and the same form of a
// condition as the builder has. A change sends the list's own form, so a filter is an address.
import { el, icon } from "./dom.js";
import { conditionForm } from "./form.js";
import { phrase, title } from "./phrase.js";
import { learn } from "./say.js";
import { blocks } from "../rule/tree.js";
import { insert, remove, replace } from "../rule/edit.js";

class Bar {
	constructor(host, words, field) {
		Object.assign(this, { host, words, field });
		this.chips = el("div.row-x.wrap.gap-6");
		this.pop = el("div.filter-pop", { hidden: true });
		host.append(this.chips, this.pop);
		document.addEventListener("mousedown", (e) => {
			if (!this.pop.hidden && !host.contains(e.target))
				this.close();
		});
		this.draw();
	}

	get text() {
		return this.field.value;
	}

	draw() {
		const { words } = this;
		const { root } = blocks(this.text);
		this.root = root;
		const items = !root ? [] : root.group === "all" ? root.items : [root];
		this.chips.replaceChildren(...items.map((b) => this.chip(b)),
			!root && this.text.trim() !== "" ? this.whole(this.text) : "",
			root || this.text.trim() === "" ? el("button.chip.add", { type: "button", "aria-haspopup": "dialog", onclick: () => this.add() }, icon("plus", "ic-s"), words.say("add")) : "");
	}

	whole(text) {
		return el("span.chip.on", {}, el("em", {}, this.words.say("whole")), el("span.mono.ell.max-250", { title: text }, text), this.cross(() => this.send("")));
	}

	cross(act) {
		return el("button", { type: "button", "aria-label": this.words.say("drop_chip"), title: this.words.say("drop_chip"), onclick: act }, icon("x", "ic-s"));
	}

	chip(b) {
		const { words } = this;
		const drop = () => this.send(b.path === "" || this.root.items.length === 1 ? "" : remove(this.text, b.path));
		const parts = b.is ? phrase(b.is, b.not, words) : [["v", title(b, words)]];
		const short = b.is && b.is.kind === "field" && !b.not && ["is", "one_of"].includes(b.is.test.word);
		const shown = parts.filter(([cls]) => !short || cls !== "o").map(([cls, text]) => el(cls === "f" ? "em" : "span", {}, text));
		return el("span.chip.on", {}, b.is ? el("button.chip-b", { type: "button", "aria-haspopup": "dialog", onclick: () => this.edit(b) }, shown)
			: el("span.ell.max-350", { title: this.text.slice(b.from, b.to) }, shown), this.cross(drop));
	}

	show(about) {
		const form = conditionForm({ words: this.words, leave: () => this.close(), ...about });
		this.pop.replaceChildren(form.node);
		this.pop.hidden = false;
		form.focus();
	}

	close() {
		this.pop.hidden = true;
		this.pop.replaceChildren();
		this.chips.querySelector(".chip.add")?.focus();
	}

	add() {
		this.show({
			is: null, not: false, done: (source) => {
				const root = this.root;
				this.send(!root ? `return ${source}` : root.group === "all" ? insert(this.text, "", root.items.length, source)
					: this.around(root, source));
			},
		});
	}

	/* Something joined otherwise, and one more condition that must hold. */
	around(root, source) {
		const { text } = this;
		return `${text.slice(0, root.from)}(${text.slice(root.from, root.to)})\n     & ${source}${text.slice(root.to)}`;
	}

	edit(b) {
		this.show({
			is: b.is, not: b.not, drop: () => this.send(this.root.items.length === 1 ? "" : remove(this.text, b.path)),
			done: (source) => (source === null ? this.close() : this.send(replace(this.text, b.path, source))),
		});
	}

	send(text) {
		this.field.value = text;
		this.close();
		this.draw();
		this.field.form.requestSubmit();
	}
}

export async function filter(host) {
	const field = host.querySelector("input[name=rule]");
	const words = await learn(host.dataset.wordsUrl);
	for (const x of host.querySelectorAll("[data-filter-plain]"))
		x.remove();
	return new Bar(host, words, field);
}
