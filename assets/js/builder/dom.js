// Elements in short: el("li.cond.on", {data: {path}, onclick}, "text", child, …).
export function el(what, props = {}, ...inside) {
	const [tag, ...classes] = what.split(".");
	const node = document.createElement(tag || "div");
	node.className = classes.join(" ");
	for (const [key, value] of Object.entries(props)) {
		if (value === undefined || value === null || value === false)
			continue;
		if (key === "data")
			Object.assign(node.dataset, value);
		else if (key.startsWith("on"))
			node.addEventListener(key.slice(2), value);
		else if (key in node && !key.startsWith("aria") && key !== "list")
			node[key] = value;
		else
			node.setAttribute(key, value === true ? "" : value);
	}
	node.append(...inside.flat().filter((x) => x !== null && x !== undefined && x !== false));
	return node;
}

let sprite = "";
export function iconsAt(url) {
	sprite = url;
}

export function icon(name, more = "") {
	const ns = "http://www.w3.org/2000/svg";
	const svg = document.createElementNS(ns, "svg");
	svg.setAttribute("class", `ic ${more}`.trim());
	svg.setAttribute("aria-hidden", "true");
	const use = document.createElementNS(ns, "use");
	use.setAttribute("href", `${sprite}#i-${name}`);
	svg.append(use);
	return svg;
}

let last = 0;
export const fresh = () => `b${++last}`;

/* A label and what it labels, and a place for what is wrong with it. */
export function labelled(text, control, { hidden = false, cls = "" } = {}) {
	control.id = control.id || fresh();
	const label = el(`label${hidden ? ".visually-hidden" : ""}`, { htmlFor: control.id }, text);
	return el(`div.cf${cls}`, {}, label, control);
}

export function options(list, value) {
	const select = el("select.in.in-s");
	for (const [v, text] of list)
		select.append(el("option", { value: v, selected: v === value }, text));
	select.value = value;
	return select;
}
