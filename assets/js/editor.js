// The text editor (CodeMirror 6), loaded only by pages that have one.
//
//	<label for="rule">Текст правила</label>
//	<textarea id="rule" name="rule" data-editor="lua|html" data-words='{…}' data-words-url="/…">…</textarea>
//
// The textarea stays the truth: it is kept in step with every change and fires "input", so forms and
// htmx triggers need not know of the editor. Its label names the editor; its focus goes there. To
// change the text from outside set textarea.value and dispatch "change" on it (detail {joins: true}: undone
// together with the change before).
//
// words	{fields: [{name, label}], events: [{name, label}], words: [{name, label}]}, an item may be
//		a plain string. Lua offers field.NAME, event.NAME and the words; html offers them in {{ }}.
// data-rows	the least height in lines (16). data-wrap: long lines are broken, as they always are in html.
// lint		<p data-lint-for="rule" data-lint-line="3" data-lint-level="error|warning">words</p>
//		anywhere in the page marks that line; read again after each htmx swap. data-lint-for is the
//		textarea's id or name.
// insert	<button type="button" data-insert="#rule" data-text="{{ … }}"> puts words at the cursor.
// line		"cxdp:line" on the textarea, detail {line}, when the cursor comes to another line;
//		dispatch "cxdp:light" on it, detail {from, to} (lines, 0 = none), to light lines; and {begin, end}
//		for the place in them.
// at		"cxdp:at" on the textarea, detail {at}, when the cursor is put elsewhere without a change.
// undo		dispatch "cxdp:undo" or "cxdp:redo" on the textarea.
//
// Tab indents; Escape, then Tab leaves. No nonce and no style element: styles go by a constructed
// sheet, or by the rules of our own one where there is none (editor/sheet.js).
import "./editor/sheet.js";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import {
	Decoration, EditorView, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter,
	highlightSpecialChars, drawSelection,
} from "@codemirror/view";
import {
	defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory, redo, undo,
} from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { look } from "./editor/look.js";
import { language } from "./editor/tongue.js";
import { completeFrom, loadWords } from "./editor/complete.js";
import { phrases } from "./editor/phrase.js";
import { say } from "./app/words.js";

const mounted = new Map();
const light = StateEffect.define();
const lit = StateField.define({
	create: () => Decoration.none,
	update(set, tr) {
		let next = set.map(tr.changes);
		for (const e of tr.effects)
			if (e.is(light))
				next = e.value;
		return next;
	},
	provide: (f) => EditorView.decorations.from(f),
});

function nameOf(area) {
	const label = area.labels && area.labels[0];
	return area.getAttribute("aria-label") || (label && label.textContent.trim()) || say("editor");
}

function lintOf(area, state) {
	const marks = [];
	for (const el of document.querySelectorAll("[data-lint-for][data-lint-line]")) {
		if (el.dataset.lintFor !== area.id && el.dataset.lintFor !== area.name)
			continue;
		const n = Math.min(Math.max(1, parseInt(el.dataset.lintLine, 10) || 1), state.doc.lines);
		const line = state.doc.line(n);
		const from = line.from + line.text.search(/\S|$/);
		marks.push({
			from, to: Math.max(from, line.to), message: el.textContent.trim(),
			severity: el.dataset.lintLevel === "warning" ? "warning" : "error",
		});
	}
	return marks.sort((a, b) => a.from - b.from);
}

function lint(area, view) {
	view.dispatch(setDiagnostics(view.state, lintOf(area, view.state)));
}

function lightLines(view, { from, to, begin, end }) {
	const marks = [];
	for (let n = Math.max(1, from); from > 0 && n <= Math.min(to, view.state.doc.lines); n++)
		marks.push(Decoration.line({ class: "cm-lit" }).range(view.state.doc.line(n).from));
	if (begin < end && end <= view.state.doc.length)
		marks.push(Decoration.mark({ class: "cm-here" }).range(begin, end));
	view.dispatch({ effects: light.of(Decoration.set(marks, true)) });
}

function follow(area) {
	let line = 0;
	return EditorView.updateListener.of((u) => {
		if (u.docChanged) {
			area.value = u.state.doc.toString();
			area.dispatchEvent(new Event("input", { bubbles: true }));
		}
		const at = u.state.doc.lineAt(u.state.selection.main.head).number;
		if (u.selectionSet && at !== line) {
			line = at;
			area.dispatchEvent(new CustomEvent("cxdp:line", { bubbles: true, detail: { line } }));
		}
		if (u.selectionSet && !u.docChanged && u.view.hasFocus)
			area.dispatchEvent(new CustomEvent("cxdp:at", { bubbles: true, detail: { at: u.state.selection.main.head } }));
	});
}

/* The one stretch in which two texts differ, as a change; null where they do not. */
function difference(old, now) {
	if (old === now)
		return null;
	const most = Math.min(old.length, now.length);
	let from = 0;
	while (from < most && old[from] === now[from])
		from++;
	let tail = 0;
	while (tail < most - from && old[old.length - 1 - tail] === now[now.length - 1 - tail])
		tail++;
	return { from, to: old.length - tail, insert: now.slice(from, now.length - tail) };
}

function mount(area) {
	if (mounted.has(area))
		return;
	const html = area.dataset.editor === "html";
	const words = loadWords(area);
	const host = document.createElement("div");
	host.className = "editor";
	const state = EditorState.create({
		doc: area.value,
		extensions: [
			lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(),
			indentOnInput(), indentUnit.of("  "), EditorState.tabSize.of(2), bracketMatching(),
			closeBrackets(), highlightActiveLine(), highlightSelectionMatches(), search({ top: true }),
			lintGutter(), lit, language(html), autocompletion({ override: [completeFrom(words, html)] }),
			keymap.of([
				...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap,
				...completionKeymap, indentWithTab,
			]),
			html || "wrap" in area.dataset ? EditorView.lineWrapping : [], phrases(), look,
			EditorState.readOnly.of(area.readOnly || area.disabled),
			EditorView.contentAttributes.of({ "aria-label": nameOf(area), tabindex: "0", spellcheck: html ? "true" : "false" }),
			follow(area),
		],
	});
	const view = new EditorView({ state });
	host.append(view.dom);
	area.after(host);
	if (area.dataset.rows)
		host.style.minHeight = `${Number(area.dataset.rows) * 20 + 16}px`;
	area.classList.add("is-mounted");
	area.tabIndex = -1;
	area.setAttribute("aria-hidden", "true");
	area.required = false;
	area.addEventListener("focus", () => view.focus());
	area.addEventListener("change", (e) => {
		const changes = difference(view.state.doc.toString(), area.value);
		if (changes)
			view.dispatch({ changes, annotations: e.detail && e.detail.joins ? [] : isolateHistory.of("full") });
	});
	area.addEventListener("cxdp:undo", () => undo(view));
	area.addEventListener("cxdp:redo", () => redo(view));
	area.addEventListener("cxdp:light", (e) => lightLines(view, e.detail));
	if (area.form)
		area.form.addEventListener("reset", () => setTimeout(() => area.dispatchEvent(new Event("change"))));
	mounted.set(area, view);
	lint(area, view);
}

function scan() {
	for (const [area, view] of mounted) {
		if (area.isConnected) {
			lint(area, view);
		} else {
			view.destroy();
			mounted.delete(area);
		}
	}
	document.querySelectorAll("textarea[data-editor]").forEach(mount);
}

document.addEventListener("click", (e) => {
	const button = e.target instanceof Element && e.target.closest("[data-insert]");
	const view = button && mounted.get(document.querySelector(button.dataset.insert));
	if (!view)
		return;
	view.dispatch(view.state.replaceSelection(button.dataset.text || ""));
	view.focus();
});
for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap"])
	document.addEventListener(name, scan);
if (document.readyState === "loading")
	document.addEventListener("DOMContentLoaded", scan);
else
	scan();
