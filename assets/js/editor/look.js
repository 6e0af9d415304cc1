// The editor in our tokens: one look, both themes, since the tokens change by themselves.
import { EditorView } from "@codemirror/view";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags as t } from "@lezer/highlight";

const theme = EditorView.theme({
	"&": { backgroundColor: "var(--surface)", color: "var(--text)", fontSize: "12.5px" },
	"&.cm-focused": { outline: "none" },
	".cm-scroller": { fontFamily: "var(--code)", lineHeight: "20px" },
	".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
	".cm-line": { padding: "0 12px 0 8px" },
	".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--faint)", border: "0" },
	".cm-lineNumbers .cm-gutterElement": { minWidth: "28px", padding: "0 4px 0 8px", fontSize: "11px" },
	".cm-gutter-lint": { width: "14px" },
	".cm-gutter-lint .cm-gutterElement": { padding: "0" },
	".cm-lint-marker": { width: "10px", height: "10px", margin: "5px 2px", borderRadius: "5px", content: "normal" },
	".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--bad)" },
	".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--warn)" },
	".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
	".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)", textUnderlineOffset: "3px" },
	".cm-lintPoint:after": { borderBottomColor: "var(--bad)" },
	".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
	"&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--sunken)" },
	".cm-lit, &.cm-focused .cm-lit.cm-activeLine": { backgroundColor: "var(--accent-soft)" },
	".cm-here": { boxShadow: "0 1px 0 var(--accent-text)" },
	".cm-cursor": { borderLeftColor: "var(--text)" },
	"&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
		{ backgroundColor: "var(--c1-soft)" },
	".cm-selectionMatch": { backgroundColor: "var(--neutral-soft)" },
	"&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--neutral-soft)", outline: "1px solid var(--line-strong)" },
	"&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-soft)" },
	".cm-tooltip": {
		border: "0", borderRadius: "8px", backgroundColor: "var(--raised)", color: "var(--text)",
		boxShadow: "var(--shadow)", overflow: "hidden",
	},
	".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--code)", fontSize: "12.5px", maxHeight: "260px", padding: "4px" },
	".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", borderRadius: "5px", lineHeight: "20px" },
	".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--text)" },
	".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", color: "var(--faint)", marginLeft: "12px" },
	".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent-text)", fontWeight: "600" },
	".cm-diagnostic": { padding: "8px 12px", borderLeft: "0", fontFamily: "var(--sans)", fontSize: "13px", maxWidth: "420px" },
	".cm-diagnostic-error": { color: "var(--bad)" },
	".cm-diagnostic-warning": { color: "var(--warn)" },
	".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)" },
	".cm-panels-top": { borderBottom: "1px solid var(--line)" },
	".cm-textfield": { backgroundColor: "var(--surface)", border: "1px solid var(--line-strong)", borderRadius: "6px", padding: "2px 8px" },
	".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", border: "1px solid var(--line-btn)", borderRadius: "6px" },
	".cm-searchMatch": { backgroundColor: "var(--warn-soft)" },
	".cm-searchMatch-selected": { backgroundColor: "var(--c1-soft)" },
	".cm-merge": { color: "var(--s-fld)", backgroundColor: "var(--accent-soft)", borderRadius: "3px" },
});

const colours = HighlightStyle.define([
	{ tag: [t.keyword, t.tagName, t.operatorKeyword, t.controlKeyword], color: "var(--s-kw)" },
	{ tag: [t.string, t.attributeValue, t.special(t.string)], color: "var(--s-str)" },
	{ tag: [t.number, t.bool, t.atom, t.null], color: "var(--s-num)" },
	{ tag: [t.comment, t.meta], color: "var(--s-com)" },
	{ tag: [t.propertyName, t.attributeName], color: "var(--s-fld)" },
	{ tag: [t.function(t.variableName), t.standard(t.variableName)], color: "var(--s-fn)" },
	{ tag: t.invalid, color: "var(--bad)" },
]);

export const look = [theme, syntaxHighlighting(colours)];
