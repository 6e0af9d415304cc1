// CodeMirror writes its styles into a <style> element, which our policy forbids without a nonce.
// Here they go into a constructed sheet, or, where the browser has none (Safari 16.2), as rules at
// the end of our own stylesheet. Both are allowed under style-src 'self'.
import { StyleModule } from "style-mod";

const order = [];
let sheet = null;
let base = 0;

function open() {
	try {
		sheet = new CSSStyleSheet();
		document.adoptedStyleSheets = document.adoptedStyleSheets.concat([sheet]);
	} catch (e) {
		sheet = Array.from(document.styleSheets).find((s) => s.href && s.href.startsWith(location.origin));
	}
	base = sheet ? sheet.cssRules.length : 0;
}

function write() {
	while (sheet.cssRules.length > base)
		sheet.deleteRule(sheet.cssRules.length - 1);
	for (const module of order)
		for (const rule of module.rules) {
			try {
				sheet.insertRule(rule, sheet.cssRules.length);
			} catch (e) { /* a rule for another browser */ }
		}
}

/* The order given is the order of precedence: a module stands after those named before it. */
StyleModule.mount = (root, modules) => {
	const list = Array.isArray(modules) ? modules : [modules];
	let at = 0;
	let changed = false;
	for (const module of list) {
		const found = order.indexOf(module);
		if (found >= at) {
			at = found + 1;
			continue;
		}
		if (found >= 0) {
			order.splice(found, 1);
			at--;
		}
		order.splice(at++, 0, module);
		changed = true;
	}
	if (!sheet)
		open();
	if (changed && sheet)
		write();
};
