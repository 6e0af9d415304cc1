// One condition as a form. It holds a copy; "done" hands over the text of the condition, or null when nothing was changed.
//
//	conditionForm({words, is, not, done(source), leave(), drop, changed()})	is null: first what it is about is asked;
//		changed() is called after each key and choice. {node, focus(), result(), count(n)}
import { el, icon, labelled } from "./dom.js";
import { picker } from "./subject.js";
import { input, kinds, select, span, suggested, testControls, day } from "./control.js";
import { ofEvent, ofField, ofProp } from "./values.js";
import { print } from "../rule/print.js";
import { blocks } from "../rule/tree.js";
import { missing, numberSums } from "./missing.js";
import { plain } from "./phrase.js";

const copy = (v) => JSON.parse(JSON.stringify(v));

export function source(is, not) {
	return not ? (is.kind === "lua" ? `~(${print(is)})` : `~${print(is)}`) : print(is);
}

class Form {
	constructor(about) {
		Object.assign(this, about);
		this.node = el("div.cond-f", { role: "group", onkeydown: (e) => this.key(e) });
		if (this.changed)
			for (const kind of ["input", "change", "click"])
				this.node.addEventListener(kind, () => setTimeout(() => this.node.isConnected && this.changed()), true);
		if (this.is) {
			this.begin(this.is, this.not);
			this.before = JSON.stringify([this.is, this.not]);
		}
		this.draw();
	}

	begin(is, not) {
		this.is = copy(is);
		this.not = not;
	}

	key(e) {
		if (e.key === "Escape") {
			e.preventDefault();
			e.stopPropagation();
			this.leave();
		} else if (e.key === "Enter" && e.target.matches("input, select")) {
			e.preventDefault();
			this.finish();
		}
	}

	draw() {
		const { words } = this;
		const at = this.node.contains(document.activeElement) ? document.activeElement.closest("[data-part]")?.dataset.part : null;
		this.node.setAttribute("aria-label", this.is ? plain(this.is, this.not, words) : words.say("add"));
		this.node.replaceChildren();
		if (!this.is || this.choosing) {
			const choice = picker(words, {
				pick: (s) => {
					const { is, not } = s.start();
					this.choosing = false;
					this.begin(is, not);
					this.draw();
					this.focus();
				},
				leave: () => this.leave(),
			});
			this.node.append(choice.node);
			this.focusNow = choice.focus;
			return;
		}
		this.focusNow = null;
		this.part("subject", this.subject());
		this.body();
		this.node.append(el("p.err", { role: "alert" }), this.foot());
		if (at)
			this.node.querySelector(`[data-part="${at}"] :is(select, input, textarea, button)`)?.focus();
	}

	focus() {
		if (this.focusNow)
			this.focusNow();
		else
			(this.node.querySelector("[data-part=main] :is(select, input, textarea)") || this.node.querySelector("button, select, input, textarea")).focus();
	}

	part(name, ...inside) {
		this.node.append(el("div.cf-row", { data: { part: name } }, ...inside));
	}

	subject() {
		const { words, is } = this;
		const name = is.kind === "field" ? words.label("fields", is.name) : is.kind === "event" ? words.label("events", is.name)
			: is.kind === "sequence" ? words.label("events", is.steps[0].event.name) : words.say(is.kind === "segment" ? "in_segment" : is.kind);
		return el("button.cf-about", {
			type: "button", title: words.say("about"), onclick: () => {
				this.choosing = true;
				this.draw();
				this.focus();
			},
		}, name, icon("chevron-down", "ic-s"));
	}

	foot() {
		const { words } = this;
		return el("div.cf-foot", {},
			el("button.btn.btn-p.btn-s", { type: "button", onclick: () => this.finish() }, words.say("done")),
			el("button.btn.btn-g.btn-s", { type: "button", onclick: () => this.leave() }, words.say("cancel")),
			this.said = el("span.push.tn.mut.nw", { title: words.say("match") }, this.n === undefined ? "" : words.number(this.n)),
			this.drop ? el("button.btn.btn-g.btn-s.btn-bad", { type: "button", onclick: () => this.drop() }, words.say("drop")) : null);
	}

	/* How many people the condition alone finds. */
	found(n) {
		this.n = n ?? undefined;
		if (this.said)
			this.said.textContent = this.n === undefined ? "" : this.words.number(n);
	}

	body() {
		const { is, words } = this;
		const again = () => this.draw();
		const turn = (not) => {
			this.not = not;
		};
		switch (is.kind) {
		case "field": {
			const found = words.find("fields", is.name);
			const type = found ? found.type : "text";
			return this.part("main", ...testControls(words, { owner: is, type: type in kinds ? type : "text", not: this.not, turn, url: ofField(is.name), draw: again, changed: found?.state !== "derived" }));
		}
		case "event": return this.event(is);
		case "sequence": return this.sequence(is);
		case "segment": return this.named("segments", [["", words.say("in_segment")], ["~", words.say("in_segment_no")]]);
		case "campaign": return this.named("campaigns", this.states(["received", "opened", "clicked", "bounced", "unsubscribed"]));
		case "scenario": return this.named("scenarios", this.states(["entered", "running", "finished"]));
		case "reachable": case "consent": return this.part("main", this.turned(is.kind),
			select(words.say("f_channel"), words.channels.map((c) => [c.name, c.label]), is.channel, (v) => {
				is.channel = v;
			}));
		case "near": return this.near(is);
		case "share": return this.part("main", this.turned("share"), this.number("f_percent", is, "percent", "px-64"),
			input(words.say("f_salt"), is.salt, (v) => {
				is.salt = v;
			}, { placeholder: words.say("f_salt") }));
		case "known": case "everyone": return this.part("main", this.turned(is.kind));
		default: return this.long(is);
		}
	}

	states(list) {
		return list.flatMap((s) => [[s, this.words.say(`st_${s}`)], [`~${s}`, this.words.say(`st_${s}_no`)]]);
	}

	turned(key) {
		const { words } = this;
		return select(words.say("f_did"), [["", words.say(key)], ["~", words.say(`${key}_no`)]], this.not ? "~" : "", (v) => {
			this.not = v === "~";
		});
	}

	named(list, states) {
		const { words, is } = this;
		const found = words.named(list, is.name);
		const names = words[list].map((x) => [x.name, x.name]);
		if (!found)
			names.unshift([is.name, is.name]);
		const now = (this.not ? "~" : "") + (is.state || "");
		const known = states.some(([v]) => v === now) ? states : [[now, words.say(`st_${is.state || is.kind}${this.not ? "_no" : ""}`)], ...states];
		this.part("main",
			select(words.say("f_state"), known, now, (v) => {
				this.not = v.startsWith("~");
				if ("state" in is)
					is.state = v.replace("~", "");
			}),
			select(words.say("f_name"), names, found ? found.name : is.name, (v) => {
				is.name = v;
			}));
	}

	number(label, owner, key, cls = "px-96") {
		return labelled(this.words.say(label), el(`input.in.in-s.${cls}`, {
			type: "text", inputMode: "decimal", autocomplete: "off", value: owner[key] ?? "", oninput: (e) => {
				e.stopPropagation();
				const v = e.target.value.trim().replace(",", ".");
				owner[key] = v === "" || !Number.isFinite(Number(v)) ? null : Number(v);
			},
		}));
	}

	near(is) {
		this.part("main", this.turned("near"), this.number("f_lat", is, "lat"), this.number("f_lon", is, "lon"), this.number("f_km", is, "km"));
	}

	long(is) {
		const { words } = this;
		const area = el("textarea.in.mono", {
			rows: Math.min(8, 2 + is.text.split("\n").length), value: is.text, spellcheck: false, oninput: (e) => {
				e.stopPropagation();
				is.text = e.target.value;
			},
		});
		this.part("main", labelled(words.say(is.kind === "where" ? "f_text" : "f_lua"), area, { cls: ".cf-w" }));
	}

	/* Did or did not, what is counted, since when, which of them. */
	event(is) {
		const { words } = this;
		const plainSum = !is.sum;
		const what = is.sum ? (is.sum === "first" || is.sum === "last") && is.prop !== "" && is.prop !== null ? `${is.sum}_of` : is.sum : "";
		const turn = (not) => {
			this.not = not;
		};
		const sums = ["count", "sum", "avg", "min", "max", "first", "last", "most", "first_of", "last_of"];
		this.part("main",
			plainSum ? select(words.say("f_did"), [["", words.say("did")], ["~", words.say("did_not")]], this.not ? "~" : "", (v) => turn(v === "~")) : null,
			select(words.say("f_how"), [["", words.say("f_any")], ...sums.map((s) => [s, words.say(`sum_${s}`)]), ["then", words.say("f_seq")]], what, (v) => this.count(is, v)),
			...this.counted(is, what, turn));
		if (!plainSum && this.not && !what)
			turn(false);
		this.windows(is);
		this.filters(is);
	}

	count(is, what) {
		const numeric = what === "count" || numberSums.includes(what);
		if (what === "then") {
			const event = { ...is, sum: "", prop: "", test: null };
			this.is = { kind: "sequence", steps: [{ event, within: "" }, { event: { ...event, name: "purchase", filters: [], windows: [] }, within: "1d" }] };
		} else {
			is.sum = what.replace("_of", "");
			is.prop = ["", "count", "first", "last"].includes(what) ? "" : is.prop || (what.endsWith("_of") ? null : "");
			is.test = what === "" ? null : numeric ? { word: "at_least", args: [what === "count" ? 2 : null] }
				: what === "first" || what === "last" ? { word: "within_last", args: ["30d"] } : { word: "is", args: [null] };
			if (what !== "")
				this.not = false;
			if (what.endsWith("_of") && !is.prop)
				is.prop = " ";
		}
		this.draw();
	}

	counted(is, what, turn) {
		if (!what)
			return [];
		const needsProp = !["count", "first", "last"].includes(what);
		const type = what === "count" ? "count" : numberSums.includes(what) ? "number" : needsProp ? "prop" : "instant";
		return [
			needsProp ? this.prop(is, "prop", is.name) : null,
			...testControls(this.words, { owner: is, type, not: this.not, turn, url: type === "prop" ? () => ofProp(is.name, is.prop) : null, draw: () => this.draw() }),
		];
	}

	prop(owner, key, event) {
		const { words } = this;
		return suggested(input(words.say("f_prop"), (owner[key] || "").trim(), (v) => {
			owner[key] = v.trim() || " ";
		}, { placeholder: words.say("f_prop") }), ofEvent(event));
	}

	/* A row for each window; one that says any time goes, but a condition without windows has a row, too. at: see sequence(). */
	windows(e, at = "") {
		(e.windows.length ? e.windows : [null]).forEach((w, i) => this.window(e, w, i, at));
	}

	window(e, w, i, at) {
		const { words } = this;
		const label = this.of(e, at, "f_window");
		const now = !w ? "" : w.within !== undefined ? "within" : "dates";
		this.part(`${at}window${i || ""}`,
			select(label, [["", words.say("w_any")], ["within", words.say("w_within")], ["dates", words.say("w_dates")]], now, (v) => {
				e.windows.splice(i, 1, ...(v === "" ? [] : v === "within" ? [{ within: "30d" }] : [{ from: null, till: null }]));
				this.draw();
			}),
			...(now === "within" ? span(words, label, w.within, (v) => {
				w.within = v;
			}) : now === "dates" ? [day(words.say("f_from"), w.from, (v) => {
				w.from = v;
			}), day(words.say("f_till"), w.till, (v) => {
				w.till = v;
			})] : []));
	}

	/* What a control is called: where there are several events, with the event. */
	of(e, at, key) {
		return at ? `${this.words.label("events", e.name)}: ${this.words.say(key)}` : this.words.say(key);
	}

	filters(e, at = "") {
		const { words } = this;
		if (e.filters.length)
			this.node.append(el("p.cf-h", {}, words.say("f_filters")));
		e.filters.forEach((f, i) => this.part(`${at}filter${i}`, this.prop(f, "prop", e.name),
			...testControls(words, { owner: f, type: "prop", url: () => ofProp(e.name, f.prop), draw: () => this.draw() }),
			el("button.btn.btn-g.btn-s.btn-i", {
				type: "button", "aria-label": words.say("f_drop_filter"), title: words.say("f_drop_filter"), onclick: () => {
					e.filters.splice(i, 1);
					this.draw();
				},
			}, icon("x", "ic-s"))));
		this.more(this.of(e, at, "f_add_filter"), () => {
			e.filters.push({ prop: "", test: { word: "is", args: [null] } });
			this.draw();
			this.node.querySelector(`[data-part=${at}filter${e.filters.length - 1}] input`).focus();
		});
	}

	more(label, onclick) {
		this.node.append(el("button.chip.add", { type: "button", onclick }, icon("plus", "ic-s"), label));
	}

	/* Each step has what its event may have; the parts of later ones begin with "step" and a number. */
	sequence(is) {
		const { words } = this;
		is.steps.forEach((s, i) => {
			const at = i === 0 ? "" : `step${i}-`;
			if (i > 0)
				this.step(is, s, i);
			this.windows(s.event, at);
			this.filters(s.event, at);
		});
		this.more(words.say("f_add_step"), () => {
			is.steps.push({ event: { kind: "event", name: "purchase", filters: [], windows: [], sum: "", prop: "", test: null }, within: "1d" });
			this.draw();
		});
	}

	step(is, s, i) {
		const { words } = this;
		this.part(i === 1 ? "main" : `step${i}`,
			el("span.mut.sm", {}, words.say("then")),
			select(words.say("f_then"), this.eventNames(s.event.name), s.event.name, (v) => {
				s.event.name = v;
				this.draw();
			}),
			...this.gap(s),
			is.steps.length > 2 ? el("button.btn.btn-g.btn-s.btn-i", {
				type: "button", "aria-label": words.say("f_drop_step"), title: words.say("f_drop_step"), onclick: () => {
					is.steps.splice(i, 1);
					this.draw();
				},
			}, icon("x", "ic-s")) : null);
	}

	eventNames(now) {
		const list = this.words.events.map((e) => [e.name, e.label]);
		return list.some(([n]) => n === now) ? list : [[now, now], ...list];
	}

	gap(step) {
		const { words } = this;
		return [
			select(words.say("f_gap"), [["", words.say("f_gap_any")], ["in", words.say("f_gap")]], step.within ? "in" : "", (v) => {
				step.within = v ? "1d" : "";
				this.draw();
			}),
			...(step.within ? span(words, words.say("f_gap"), step.within, (v) => {
				step.within = v || "?";
			}) : []),
		];
	}

	/* {text} as it would be written, null where nothing was changed; or {wrong}. */
	result() {
		const { is } = this;
		if (!is)
			return { text: null };
		const wrong = missing(is);
		if (wrong)
			return { wrong };
		const text = source(is, this.not);
		if (!blocks(`return ${text}`).root)
			return { wrong: "bad_lua" };
		return { text: JSON.stringify([is, this.not]) === this.before ? null : text };
	}

	finish() {
		const { words } = this;
		const { text, wrong } = this.result();
		if (wrong) {
			const p = this.node.querySelector(".err");
			p.textContent = words.say(wrong);
			const empty = [...this.node.querySelectorAll("input, textarea")].find((x) => x.value.trim() === "");
			if (empty) {
				empty.setAttribute("aria-invalid", "true");
				empty.focus();
			}
			return;
		}
		this.done(text);
	}
}

export function conditionForm(about) {
	const form = new Form(about);
	return { node: form.node, focus: () => form.focus(), result: () => form.result(), count: (n) => form.found(n) };
}
