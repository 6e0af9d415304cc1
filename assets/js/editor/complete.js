// Completion from the company's own fields, events and words.

const keywords = ["and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in",
	"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while"];

function items(list, type) {
	return (list || []).map((i) => (typeof i === "string" ? { name: i } : i))
		.filter((i) => i && i.name).map((i) => ({ label: i.name, detail: i.label, type }));
}

function sorted(json) {
	return {
		fields: items(json.fields, "property"),
		events: items(json.events, "class"),
		words: items(json.words, "function"),
	};
}

/* A promise of the words: those in data-words at once, those at data-words-url when they come. */
export async function loadWords(area) {
	let json = {};
	try {
		if (area.dataset.words)
			json = JSON.parse(area.dataset.words);
		if (area.dataset.wordsUrl) {
			const r = await fetch(area.dataset.wordsUrl, { headers: { Accept: "application/json" } });
			if (r.ok)
				json = Object.assign({}, json, await r.json());
		}
	} catch (e) { /* no completion is no reason not to edit */ }
	return sorted(json);
}

const identifier = /^[A-Za-z_]\w*$/;

/* field.NAME, or field["NAME"] where Lua wants it so. */
function member(i) {
	if (identifier.test(i.label))
		return i;
	return { ...i, apply(view, completion, from, to) {
		const text = `["${i.label.replace(/["\\]/g, "\\$&")}"]`;
		view.dispatch({ changes: { from: from - 1, to, insert: text }, selection: { anchor: from - 1 + text.length } });
	} };
}

function luaAt(context, words) {
	const dotted = context.matchBefore(/\b(field|event|person|trigger)\.[\w\u0400-\u04ff]*/);
	if (dotted) {
		const head = dotted.text.slice(0, dotted.text.indexOf("."));
		const list = head === "event" ? words.events : words.fields;
		return { from: dotted.from + head.length + 1, options: list.map(member), validFor: /^[\w\u0400-\u04ff]*$/ };
	}
	const word = context.matchBefore(/[A-Za-z_]\w*/);
	if (!word && !context.explicit && !context.matchBefore(/:/))
		return null;
	const from = word ? word.from : context.pos;
	if (context.state.sliceDoc(Math.max(0, from - 1), from) === ":")
		return { from, options: words.words, validFor: /^\w*$/ };
	return {
		from, validFor: /^\w*$/,
		options: words.words.concat(keywords.map((label) => ({ label, type: "keyword" })),
			[{ label: "field", type: "namespace" }, { label: "event", type: "namespace" }]),
	};
}

function htmlAt(context, words) {
	const inside = context.matchBefore(/\{\{[^}\n]*/);
	if (!inside)
		return null;
	const word = context.matchBefore(/[\w.\u0400-\u04ff]*/);
	return { from: word ? word.from : context.pos, options: words.fields.concat(words.words), validFor: /^[\w.\u0400-\u04ff]*$/ };
}

export function completeFrom(loading, html) {
	return async (context) => {
		const words = await loading;
		return html ? htmlAt(context, words) : luaAt(context, words);
	};
}
