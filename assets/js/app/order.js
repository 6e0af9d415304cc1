//	<ul data-order data-order-said="{name}: place {at} of {of}">   a list somebody puts in order
//	  <li data-order-item>                       one of it, others stay where they are
//	    <span data-order-grip>                   what it is dragged by
//	    <button data-order-up>, data-order-down  one place; Alt with an arrow anywhere in it does the same
//	After each move the list fires "change", as if something in it was typed.
//	<input data-narrow="#id">                    shows those of the list whose text has what is typed
const items = (list) => [...list.children].filter((li) => "orderItem" in li.dataset);

function tell(list, li) {
	let live = document.getElementById("order-said");
	if (!live) {
		live = document.createElement("div");
		live.id = "order-said";
		live.className = "visually-hidden";
		live.setAttribute("role", "status");
		document.body.append(live);
	}
	const all = items(list);
	const label = li.querySelector("label");
	live.textContent = (list.dataset.orderSaid || "").replace("{name}", label ? label.textContent.trim() : "")
		.replace("{at}", all.indexOf(li) + 1).replace("{of}", all.length);
}

function changed(list, li) {
	tell(list, li);
	list.dispatchEvent(new Event("change", { bubbles: true }));
}

function step(li, up) {
	const list = li.parentElement;
	const all = items(list);
	const other = all[all.indexOf(li) + (up ? -1 : 1)];
	if (!other)
		return;
	const focused = document.activeElement;
	list.insertBefore(up ? li : other, up ? other : li);
	if (focused && li.contains(focused))
		focused.focus();
	li.scrollIntoView({ block: "nearest" });
	changed(list, li);
}

let dragged = null;
let moved = false;

function down(e) {
	const grip = e.target instanceof Element && e.target.closest("[data-order-grip]");
	if (!grip || e.button !== 0)
		return;
	e.preventDefault();
	dragged = grip.closest("[data-order-item]");
	moved = false;
	dragged.classList.add("is-dragged");
}

function move(e) {
	if (!dragged)
		return;
	const under = document.elementFromPoint(e.clientX, e.clientY);
	const over = under && under.closest("[data-order-item]");
	if (!over || over === dragged || over.parentElement !== dragged.parentElement)
		return;
	const box = over.getBoundingClientRect();
	const behind = e.clientY > box.top + box.height / 2;
	const next = behind ? over.nextElementSibling : over;
	if (next === dragged || dragged.nextElementSibling === next)
		return;
	over.parentElement.insertBefore(dragged, next);
	moved = true;
}

function up() {
	if (!dragged)
		return;
	const li = dragged;
	dragged = null;
	li.classList.remove("is-dragged");
	if (moved)
		changed(li.parentElement, li);
}

export function order() {
	document.addEventListener("pointerdown", down);
	document.addEventListener("pointermove", move);
	document.addEventListener("pointerup", up);
	document.addEventListener("pointercancel", up);
	document.addEventListener("click", (e) => {
		const b = e.target instanceof Element && e.target.closest("[data-order-up], [data-order-down]");
		if (!b)
			return;
		e.preventDefault();
		step(b.closest("[data-order-item]"), "orderUp" in b.dataset);
	});
	document.addEventListener("keydown", (e) => {
		const li = e.altKey && (e.key === "ArrowUp" || e.key === "ArrowDown") &&
			e.target instanceof Element && e.target.closest("[data-order-item]");
		if (!li)
			return;
		e.preventDefault();
		e.stopPropagation();
		step(li, e.key === "ArrowUp");
	}, true);
	document.addEventListener("input", (e) => {
		const el = e.target;
		if (!(el instanceof Element) || !("narrow" in el.dataset))
			return;
		const list = document.querySelector(el.dataset.narrow);
		const words = el.value.trim().toLowerCase();
		for (const li of list ? items(list) : [])
			li.hidden = !li.textContent.toLowerCase().includes(words);
	});
	// what is typed there is nobody's change
	document.addEventListener("change", (e) => {
		if (e.target instanceof Element && "narrow" in e.target.dataset)
			e.stopPropagation();
	}, true);
}
