// Builds what nginx serves from one folder: hashed names, a .gz beside each text file, manifest.json
// from logical to hashed names, fonts, the icon sprite, and cxdp.js, cxdp-bound.js and cxdp-bind.js under
// their own plain names.
//
//	node build.mjs [--out DIR]     (default: dist/ beside this file)
//
// The same sources give the same bytes: no dates, no absolute paths, sorted lists.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join, resolve, extname, basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { lintCss, lintJs, lintSources } from "./lint.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const targets = ["chrome108", "firefox107", "safari16.2", "edge107"];
const fonts = {
	"inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
	"inter-cyrillic.woff2": "@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2",
};

function option(name, otherwise) {
	const at = process.argv.indexOf(name);
	return at > 0 && process.argv[at + 1] ? process.argv[at + 1] : otherwise;
}

/* Repeats the dark tokens for a page without a theme whose system is dark. */
function twin(css) {
	const body = /\/\* dark \*\/\s*\[data-bs-theme=dark\] \{([\s\S]*?)\n\}\n\/\* end dark \*\//.exec(css);
	if (!body)
		throw new Error("token.css: no dark block");
	return css + "\n@media (prefers-color-scheme: dark) {\n" +
		":root:not([data-bs-theme=light]):not([data-bs-theme=dark]) {" + body[1] + "\n}\n}\n";
}

function widths() {
	const rules = [];
	for (let n = 0; n <= 100; n++)
		rules.push(`.w-${n}{width:${n}%}`);
	return rules.join("");
}

const cssPlugin = {
	name: "css",
	setup(b) {
		b.onLoad({ filter: /token\.css$/ }, (a) =>
			({ contents: twin(readFileSync(a.path, "utf8")), loader: "css" }));
		b.onLoad({ filter: /place\.css$/ }, (a) =>
			({ contents: readFileSync(a.path, "utf8") + widths(), loader: "css" }));
	},
};

async function bundle(entry, extra) {
	const r = await build({
		entryPoints: [join(here, entry)], absWorkingDir: here, bundle: true, minify: true,
		write: false, format: "iife", target: targets, legalComments: "none", charset: "utf8",
		external: Object.keys(fonts).map((f) => "./" + f).concat(Object.keys(fonts)),
		logLevel: "warning", outdir: "out", plugins: [cssPlugin], ...extra,
	});
	return r.outputFiles[0].text;
}

export function sprite() {
	const names = readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean).sort();
	const symbols = names.map((name) => {
		const file = join(here, "node_modules/@tabler/icons/icons/outline", name + ".svg");
		if (!existsSync(file))
			throw new Error("icons.txt: no icon named " + name);
		const inner = readFileSync(file, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "")
			.replace(/<\/svg>\s*$/, "").replace(/<path stroke="none"[^>]*>/g, "")
			.replace(/\s+/g, " ").replace(/> </g, "><").replace(/ \/>/g, "/>").trim();
		return `<symbol id="i-${name}" viewBox="0 0 24 24">${inner}</symbol>`;
	});
	return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

export async function buildAssets(out) {
	const manifest = {};
	const put = (logical, bytes, { hashed = true, gzip = true } = {}) => {
		const data = Buffer.from(bytes);
		const hash = createHash("sha256").update(data).digest("hex").slice(0, 10);
		const ext = extname(logical);
		const name = hashed ? `${basename(logical, ext)}-${hash}${ext}` : logical;
		writeFileSync(join(out, name), data);
		if (gzip)
			writeFileSync(join(out, name + ".gz"), gzipSync(data, { level: 9 }));
		manifest[logical] = name;
		return name;
	};

	rmSync(out, { recursive: true, force: true });
	mkdirSync(out, { recursive: true });
	lintSources(here);
	for (const [name, from] of Object.entries(fonts))
		put(name, readFileSync(join(here, "node_modules", from)), { gzip: false });
	put("icons.svg", sprite());

	let css = await bundle("css/app.css");
	for (const name of Object.keys(fonts))
		css = css.replaceAll(`url(${name})`, `url(${manifest[name]})`)
			.replaceAll(`url(./${name})`, `url(${manifest[name]})`);
	lintCss("app.css", css);
	put("app.css", css);

	for (const name of ["app", "editor", "chart", "builder"]) {
		const js = await bundle(`js/${name}.js`);
		lintJs(name + ".js", js);
		put(name + ".js", js);
	}
	const version = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).version;
	const tag = await bundle("js/tag/tag.js", {
		target: ["es2017"], define: { __VERSION__: JSON.stringify(version) },
	});
	lintJs("cxdp.js", tag);
	put("cxdp.js", tag, { hashed: false });
	const bound = await bundle("js/tag/bound.js", { target: ["es2017"] });
	lintJs("cxdp-bound.js", bound);
	put("cxdp-bound.js", bound, { hashed: false });
	const binder = await bundle("js/bind/bind.js");
	lintJs("cxdp-bind.js", binder);
	put("cxdp-bind.js", binder, { hashed: false });

	const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
	writeFileSync(join(out, "manifest.json"), JSON.stringify(sorted, null, "\t") + "\n");
	return sorted;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
	const manifest = await buildAssets(resolve(option("--out", join(here, "dist"))));
	for (const [logical, name] of Object.entries(manifest))
		console.log(logical.padEnd(22) + name);
}
