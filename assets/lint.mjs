// Refuses CSS and JS newer than the oldest browsers we owe (Chrome 108, Firefox 107, Safari 16.2,
// Edge 107), in our sources and in what the build wrote.
//
//	node lint.mjs              the sources
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const cssNew = [
	[/:has\(/, ":has()"], [/(^|[{;}\s])&/, "nesting"], [/@container\b/, "container queries"],
	[/\bcontainer(-type|-name)?\s*:/, "container queries"], [/\d(cqw|cqh|cqi|cqb)\b/, "container units"],
	[/:popover-open|::?-?popover/, "popover"], [/light-dark\(/, "light-dark()"],
	[/\b(oklch|oklab|lch|lab)\(/, "oklch()/lab()"], [/color-mix\(/, "color-mix()"],
	[/@scope\b/, "@scope"], [/@starting-style/, "@starting-style"], [/@property\b/, "@property"],
	[/@view-transition|view-transition-name/, "view transitions"], [/anchor-name|position-anchor/, "anchors"],
	[/\bsubgrid\b/, "subgrid"], [/field-sizing/, "field-sizing"], [/text-wrap\s*:/, "text-wrap"],
	[/@media[^{]*[<>]=?/, "media range syntax"], [/:user-(in)?valid/, ":user-invalid"],
	[/\d[dsl]v[hw]\b/, "dynamic viewport units"], [/animation-timeline/, "scroll timelines"],
	[/:dir\(/, ":dir()"], [/scrollbar-gutter/, "scrollbar-gutter"],
];
const jsNew = [
	[/\(\?<[=!]/, "regular expression lookbehind"], [/\.toSorted\(/, "toSorted()"],
	[/\.toReversed\(/, "toReversed()"], [/\.toSpliced\(/, "toSpliced()"],
	[/\bArray\.fromAsync\b/, "Array.fromAsync"], [/\b(Object|Map)\.groupBy\(/, "groupBy()"],
	[/\bPromise\.withResolvers\b/, "Promise.withResolvers"], [/\bURL\.(canParse|parse)\(/, "URL.canParse"],
	[/\bAbortSignal\.any\b/, "AbortSignal.any"], [/\.(showPopover|togglePopover)\(/, "popover"],
	[/\.checkVisibility\(/, "checkVisibility()"], [/\bSet\.prototype\.union\b/, "set methods"],
	[/\.setHTMLUnsafe\(/, "setHTMLUnsafe()"], [/\bnavigation\.navigate\(/, "Navigation API"],
];
// Only in our own files: CSP forbids them, and a bundle of others may name them behind a guard.
const jsOurs = [
	[/\beval\(/, "eval"], [/new Function\(/, "new Function"], [/\.innerHTML\s*=/, "innerHTML"],
	[/setAttribute\(\s*["']style["']/, "a style attribute (CSP)"], [/startViewTransition/, "view transitions"],
];

function refuse(name, text, list) {
	for (const [pattern, what] of list) {
		const hit = pattern.exec(text);
		if (hit) {
			const line = text.slice(0, hit.index).split("\n").length;
			throw new Error(`${name}:${line}: ${what} is newer than the browsers we owe, or forbidden`);
		}
	}
}

// Keeps the length and the lines, so that places stay true.
const blank = (text) => text.replace(/[^\n]/g, " ");

export function lintCss(name, text) {
	refuse(name, text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/"[^"\n]*"|'[^'\n]*'/g, blank), cssNew);
}

export function lintJs(name, text, ours = false) {
	const bare = text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/^\s*\/\/.*$/gm, blank);
	refuse(name, ours ? bare : text, ours ? jsNew.concat(jsOurs) : jsNew);
}

function walk(dir) {
	return readdirSync(dir, { withFileTypes: true }).flatMap((f) =>
		f.isDirectory() ? walk(join(dir, f.name)) : [join(dir, f.name)]).sort();
}

export function lintSources(root) {
	for (const file of walk(join(root, "css")))
		lintCss(relative(root, file), readFileSync(file, "utf8"));
	for (const file of walk(join(root, "js")))
		lintJs(relative(root, file), readFileSync(file, "utf8"), true);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
	lintSources(dirname(fileURLToPath(import.meta.url)));
	console.log("assets: sources are within the browsers we owe");
}
