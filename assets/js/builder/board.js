// The blocks of a rule on the page: groups and conditions, made anew of the text whenever it changes, and each change of
// theirs a change of the text.
//
//	new Board(host, words, {read(), write(text, joins), undo(), redo(), light(from, to, begin, end), count(source)})
//		joins: a part of one change that goes on, for undo
import { el, icon } from "./dom.js";
import { conditionForm } from "./form.js";
import { phrase, title, unknown } from "./phrase.js";
import { carry } from "./drag.js";
import { at, blocks, each, parent, place } from "../rule/tree.js";
import { insert, move, regroup, remove, replace } from "../rule/edit.js";

const patience = 700;

export class Board {
	constructor(host, words, rule) {
		Object.assign(this, { host, words, rule });
		this.joins = new Map();
		this.selected = null;
		this.open = null;
		this.said = el("p.visually-hidden", { role: "status" });
		this.body = el("div");
		host.replaceChildren(this.body, this.said);
		host.addEventListener("keydown", (e) => this.key(e));
		host.addEventListener("focusin", (e) => this.focused(e));
		carry(this.body, (path, group, index) => this.moved(path, group, index));
		this.refresh();
	}

	say(key) {
		this.said.textContent = this.words.say(key);
	}

	source(b) {
		return this.text.slice(b.from, b.to);
	}

	/* The text has changed: blocks of it. */
	refresh() {
		this.text = this.rule.read();
		const { root, odd, empty } = blocks(this.text);
		clearTimeout(this.wait);
		if (this.holding) {
			this.root = root;
			this.mark();
			return;
		}
		if (!root && !empty && this.root && !this.odd) {
			this.body.classList.add("is-stale");
			this.wait = setTimeout(() => {
				this.odd = true;
				this.refresh();
			}, patience);
			return;
		}
		this.odd = !root && !empty;
		this.root = root;
		this.body.classList.remove("is-stale");
		if (this.open && !this.stillOpen())
			this.open = null;
		this.draw(odd);
	}

	stillOpen() {
		if (!this.root)
			return this.open.path === undefined && !this.odd;
		if (this.open.path === undefined)
			return !!at(this.root, this.open.group)?.items;
		const b = at(this.root, this.open.path);
		return !!b && this.source(b) === this.open.source;
	}

	/* Draws all anew; the focus stays where it was. */
	draw() {
		const was = this.body.contains(document.activeElement) ? document.activeElement : null;
		const path = was && was.closest("[data-path]")?.dataset.path;
		const group = was && was.matches(".gsel") ? was.closest("[data-group]").dataset.group : null;
		this.fill();
		if (was && was.isConnected)
			was.focus();
		else if (group !== null && this.body.querySelector(`[data-group="${group}"]`))
			this.body.querySelector(`[data-group="${group}"] > .gh .gsel`).focus();
		else if (was && path !== undefined)
			this.focus(path);
	}

	fill() {
		const { words } = this;
		if (this.root) {
			this.body.replaceChildren(this.group(this.root));
		} else if (this.odd) {
			this.body.replaceChildren(el("div.rule-odd", {}, icon("code"), el("div", {}, el("p.md", {}, words.say("odd_title")), el("p.sm.mut", {}, words.say("odd_text")),
				el("pre.rule-lua", {}, this.text.trim().split("\n").slice(0, 12).join("\n")))));
		} else {
			this.body.replaceChildren(el("div.rule-empty", {}, el("p.md", {}, words.say("empty_title")), el("p.sm.mut", {}, words.say("empty_text")),
				this.open ? this.open.form.node : this.adder("")));
		}
		this.mark();
	}

	group(b) {
		const { words } = this;
		const kind = b.sure ? b.group : this.joins.get(b.path) || b.group;
		const choice = el("select.gsel", { "aria-label": words.say("joins"), onchange: (e) => this.joined(b, e.target.value) });
		choice.addEventListener("input", (e) => e.stopPropagation());
		for (const k of ["all", "any", "none"])
			choice.append(el("option", { value: k, selected: k === kind }, words.say(k)));
		const list = el("ul.conds", {}, b.items.map((x) => (x.is ? this.row(x) : el("li.cond-g", { data: { path: x.path } }, this.group(x)))));
		if (this.open && this.open.path === undefined && this.open.group === b.path)
			list.append(el("li.cond-e", {}, this.open.form.node));
		return el(`div.grp${kind === "all" ? "" : `.${kind}`}`, { role: "group", "aria-label": words.say(kind), data: { group: b.path } },
			el("div.gh", {}, b.path === "" ? null : this.grip(b), choice, el("span.push.row-x.gap-4", {},
				b.path === "" ? null : this.count(b),
				b.path === "" ? null : this.small("plus", "add", () => this.add(b.path)),
				b.path === "" ? null : this.small("x", "remove_group", () => this.removed(b.path)))),
			list, b.path === "" ? this.adder("") : null);
	}

	adder(path) {
		const chip = (label, act) => el("button.chip.add", { type: "button", onclick: act }, icon("plus", "ic-s"), this.words.say(label));
		return el("div.row-x.rule-add", {}, chip("add", () => this.add(path)), this.root ? chip("add_group", () => this.add(path, true)) : null);
	}

	grip(b) {
		return el("span.grip", { role: "button", tabindex: "0", "aria-label": `${this.words.say("group")}: ${title(b, this.words)}. ${this.words.say("handle")}`, data: { path: b.path } }, icon("grip-vertical", "ic-s"));
	}

	small(name, label, act) {
		return el("button.btn.btn-g.btn-i.btn-xs", { type: "button", "aria-label": this.words.say(label), title: this.words.say(label), onclick: act }, icon(name, "ic-s"));
	}

	row(b) {
		const { words } = this;
		if (this.open && this.open.path === b.path)
			return el("li.cond-e", { data: { path: b.path } }, this.open.form.node);
		const parts = phrase(b.is, b.not, words).map(([cls, text]) => el(`span.${cls === "m" ? "v.mono" : cls}`, {}, text));
		return el("li.cond", { data: { path: b.path }, draggable: true },
			el("span.grip", { "aria-hidden": "true" }, icon("grip-vertical", "ic-s")),
			el("button.cond-b", { type: "button", data: { path: b.path }, "aria-describedby": "rule-keys", onclick: () => this.edit(b.path) }, parts,
				unknown(b.is, words) ? el("span.warn.xs", {}, words.say("no_such")) : null),
			this.count(b), this.small("x", "remove", () => this.removed(b.path)));
	}

	count(b) {
		const source = this.source(b);
		const n = this.rule.count ? this.rule.count(source) : undefined;
		if (n === undefined || n === null)
			return el("span.push", { data: { count: b.path } });
		return el("a.push.tn.plain.mut.nw", { data: { count: b.path }, href: `/clients?rule=${encodeURIComponent(`return ${source}`)}`, title: this.words.say("match") }, this.words.number(n));
	}

	/* Marks the chosen block here and its lines in the text. */
	mark() {
		const b = this.root && this.selected !== null ? at(this.root, this.selected) : null;
		for (const x of this.body.querySelectorAll(".on"))
			x.classList.remove("on");
		if (!b || b.path === "") {
			this.rule.light(0, 0);
			return;
		}
		const node = this.body.querySelector(`li[data-path="${b.path}"]`);
		if (node)
			(node.matches(".cond-g") ? node.firstElementChild : node).classList.add("on");
		const line = (pos) => this.text.slice(0, pos).split("\n").length;
		this.rule.light(line(b.from), line(b.to), b.from, b.to);
	}

	select(path) {
		if (path === this.selected)
			return;
		this.selected = path;
		this.mark();
	}

	/* The cursor stands at a place of the text. */
	pointed(pos) {
		let found = null;
		if (this.root && this.text === this.rule.read())
			each(this.root, (b) => {
				if (b.path !== "" && b.from <= pos && pos <= b.to)
					found = b.path;
			});
		this.select(found);
	}

	focused(e) {
		const at = e.target.closest("[data-path]");
		if (at)
			this.select(at.dataset.path);
	}

	/* Writes a changed text, says what was done and goes on from there. */
	write(text, said, path) {
		this.open = null;
		this.selected = path ?? null;
		this.rule.write(text);
		this.say(said);
		this.focus(path);
	}

	focus(path) {
		const there = path === null || path === undefined ? null
			: this.body.querySelector(`.cond-b[data-path="${path}"], .grip[data-path="${path}"]`);
		(there || this.body.querySelector(".cond-b") || this.body.querySelector(".chip.add"))?.focus();
	}

	leave(path) {
		this.open = null;
		this.draw();
		if (path !== undefined)
			this.focus(path);
		else
			this.body.querySelector(".rule-add .chip")?.focus();
	}

	/* Opens a form; what it says is written into the text at once, as long as it is right, and taken back by "cancel". */
	begin(open, about) {
		this.open = { original: this.text, ...open };
		this.open.form = conditionForm({
			words: this.words, ...about, changed: () => this.live(), leave: () => this.cancel(),
			done: () => {
				this.live();
				this.say(this.open.group === undefined ? "changed_one" : "added");
				this.leave(this.open.path);
			},
			drop: about.is ? () => this.removed(this.open.path) : null,
		});
		this.tell();
		this.draw();
		this.open.form.focus();
	}

	edit(path) {
		const b = at(this.root, path);
		this.selected = path;
		this.begin({ path, before: this.source(b), source: this.source(b) }, { is: b.is, not: b.not });
	}

	add(group, inGroup = false) {
		this.begin({ group, inGroup }, { is: null, not: false });
	}

	/* The text as it is with what the form says, and where that stands then. */
	put(source) {
		const { open } = this;
		if (open.path !== undefined)
			return [replace(this.text, open.path, source), open.path];
		const g = this.root ? at(this.root, open.group) : null;
		const n = g ? g.items.length : 0;
		const path = (open.group === "" ? "" : `${open.group}.`) + n;
		if (open.inGroup)
			this.joins.set(path, g.group === "any" ? "all" : "any");
		const next = insert(this.text, open.group, n, open.inGroup ? `(${source})` : source, this.joins.get(open.group));
		const { root } = blocks(next);
		return [next, !at(root, path) ? "0" : open.inGroup ? `${path}.0` : path];
	}

	live() {
		const { open } = this;
		const said = open ? open.form.result() : { wrong: true };
		const source = said.text ?? open?.before;
		if (said.wrong || source === undefined || source === open.source)
			return;
		const [next, path] = this.put(source);
		this.selected = path;
		open.path = path;
		this.holding = true;
		this.rule.write(next, true);
		this.holding = false;
		open.source = this.source(at(this.root, path));
		open.last = this.text;
		this.tell();
	}

	/* New counts where they stand; nothing else is touched, somebody may be dragging. */
	recount() {
		for (const x of this.body.querySelectorAll("[data-count]")) {
			const b = this.root && at(this.root, x.dataset.count);
			if (b && b.path !== "")
				x.replaceWith(this.count(b));
		}
		this.tell();
	}

	/* The count into the form that is open. */
	tell() {
		const { open } = this;
		if (open && open.source !== undefined && this.rule.count)
			open.form.count(this.rule.count(open.source));
	}

	cancel() {
		const { open } = this;
		this.open = null;
		if (open.last !== undefined) {
			const up = open.inGroup ? parent(open.path) : open.path;
			this.rule.write(this.text === open.last ? open.original
				: open.group === undefined ? replace(this.text, open.path, open.before) : remove(this.text, up));
		}
		this.leave(open.group === undefined ? open.path : undefined);
	}

	joined(b, kind) {
		this.joins.set(b.path, kind);
		const next = regroup(this.text, b.path, kind);
		if (next === this.text)
			this.draw();
		else
			this.write(next, "changed_one", null);
		const sel = this.body.querySelector(`[data-group="${b.path}"] > .gh .gsel`);
		if (sel)
			sel.focus();
	}

	removed(path) {
		if (path === undefined) {
			this.cancel();
			return;
		}
		const i = place(path);
		const up = parent(path);
		const g = at(this.root, up);
		const next = g.items.length > 1 ? (up === "" ? "" : `${up}.`) + Math.min(i, g.items.length - 2) : up === "" ? "0" : up;
		this.joins.delete(path);
		this.write(remove(this.text, path), "removed", next);
	}

	moved(path, group, index) {
		const b = at(this.root, path);
		const source = this.source(b);
		const next = move(this.text, path, group, index);
		if (next === this.text)
			return;
		this.joins.clear();
		const same = [];
		each(blocks(next).root, (x) => {
			const now = next.slice(x.from, x.to);
			if (x.path !== "" && (now === source || now === `(${source})`))
				same.push(x.path);
		});
		const want = (group === "" ? "" : `${group}.`) + index;
		const near = same.sort((x, y) => Math.abs(place(x) - place(want)) - Math.abs(place(y) - place(want)) || (parent(x) === group ? -1 : 1));
		this.write(next, "moved", near.find((x) => parent(x) === group) || near[0]);
	}

	/* Where Alt and an arrow lead: [group, index] or null. */
	step(path, key) {
		const up = parent(path);
		const g = at(this.root, up);
		const i = place(path);
		const out = up === "" ? null : (after) => [parent(up), place(up) + after];
		if (key === "ArrowLeft")
			return out && out(1);
		if (key === "ArrowRight") {
			const before = g.items[i - 1];
			return before && before.items ? [before.path, before.items.length] : null;
		}
		const [next, into, past] = key === "ArrowUp" ? [g.items[i - 1], (x) => x.items.length, i - 1] : [g.items[i + 1], () => 0, i + 2];
		if (!next)
			return out && out(key === "ArrowUp" ? 0 : 1);
		return next.items && at(this.root, path).is ? [next.path, into(next)] : [up, past];
	}

	key(e) {
		const on = e.target.closest(".cond-b, .grip[data-path]");
		if ((e.ctrlKey || e.metaKey) && !e.altKey && e.code === "KeyZ" && !e.target.matches("input, textarea")) {
			e.preventDefault();
			(e.shiftKey ? this.rule.redo : this.rule.undo)();
			return;
		}
		if (!on || !this.root)
			return;
		const { path } = on.dataset;
		if (e.altKey && /^Arrow/.test(e.key)) {
			e.preventDefault();
			const to = this.step(path, e.key);
			if (to)
				this.moved(path, to[0], to[1]);
		} else if (e.key === "Delete" || e.key === "Backspace") {
			e.preventDefault();
			this.removed(path);
		} else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
			const all = [...this.body.querySelectorAll(".cond-b, .grip[data-path]")];
			const next = all[all.indexOf(on) + (e.key === "ArrowDown" ? 1 : -1)];
			if (next) {
				e.preventDefault();
				next.focus();
			}
		}
	}

	/* Conditions to be counted: all blocks, and which of them narrow one after the other. */
	parts() {
		const list = [];
		const narrow = [];
		if (this.root)
			each(this.root, (b) => {
				if (b.path === "")
					return;
				if (this.root.group === "all" && parent(b.path) === "")
					narrow.push(list.length);
				list.push(this.source(b));
			});
		return { list, narrow, titles: narrow.map((i, k) => title(this.root.items[k], this.words)) };
	}
}
