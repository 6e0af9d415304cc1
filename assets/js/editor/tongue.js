// The languages: Lua with our words told apart, and HTML of letters with {{ }} told apart.
import { Decoration, MatchDecorator, ViewPlugin } from "@codemirror/view";
import { StreamLanguage } from "@codemirror/language";
import { lua as plainLua } from "@codemirror/legacy-modes/mode/lua";
import { html as plainHtml } from "@codemirror/legacy-modes/mode/xml";

/* The stock mode takes "field.city" as one variable: it is our field; a name after ":" or before "("
 * is a call. */
const lua = {
	...plainLua,
	token(stream, state) {
		const before = stream.start > 0 ? stream.string[stream.start - 1] : "";
		const style = plainLua.token(stream, state);
		if (!style || !/variable|builtin/.test(style))
			return style;
		const word = stream.current();
		if (/^(field|event|person|item|trigger)\./.test(word))
			return "propertyName";
		if (word === "segment")
			return "keyword";
		if (before === ":" || /^\s*[({"']/.test(stream.string.slice(stream.pos)))
			return "variableName.function";
		return style;
	},
};

const merge = new MatchDecorator({
	regexp: /\{\{[^}\n]*\}\}|\{%[^%\n]*%\}/g,
	decoration: Decoration.mark({ class: "cm-merge" }),
});
const merges = ViewPlugin.define((view) => ({
	marks: merge.createDeco(view),
	update(u) {
		this.marks = merge.updateDeco(u, this.marks);
	},
}), { decorations: (p) => p.marks });

export function language(html) {
	return html ? [StreamLanguage.define(plainHtml), merges] : StreamLanguage.define(lua);
}
