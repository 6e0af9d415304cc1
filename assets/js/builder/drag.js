// Dragging a condition or a group by the mouse: over a condition a line shows where it would stand, over the head of a group
// it goes in first. drop(path, group, index) when let go.
const marks = ["drop-before", "drop-after", "drop-in"];

function clear(host) {
	for (const x of host.querySelectorAll(marks.map((m) => `.${m}`).join(", ")))
		x.classList.remove(...marks);
}

/* Where what is held at this event would go: {node, mark, group, index}. */
function target(e) {
	const head = e.target.closest(".gh");
	const row = e.target.closest("li[data-path]");
	if (head && (!row || row.contains(head))) {
		const grp = head.parentElement;
		return { node: head, mark: "drop-in", group: grp.dataset.group, index: 0 };
	}
	if (!row)
		return null;
	const box = row.getBoundingClientRect();
	const after = e.clientY > box.top + box.height / 2;
	const { path } = row.dataset;
	const dot = path.lastIndexOf(".");
	return { node: row, mark: after ? "drop-after" : "drop-before", group: dot < 0 ? "" : path.slice(0, dot), index: Number(path.slice(dot + 1)) + (after ? 1 : 0) };
}

export function carry(host, drop) {
	let held = null;
	host.addEventListener("mousedown", (e) => {
		const grip = e.target.closest(".grip[data-path]");
		if (grip)
			grip.closest("li").draggable = true;
	});
	host.addEventListener("dragstart", (e) => {
		const row = e.target.closest && e.target.closest("li[data-path]");
		if (!row)
			return;
		held = row.dataset.path;
		e.dataTransfer.effectAllowed = "move";
		e.dataTransfer.setData("text/plain", row.textContent);
		row.classList.add("is-held");
	});
	host.addEventListener("dragover", (e) => {
		const to = held === null ? null : target(e);
		clear(host);
		if (!to || to.group === held || to.group.startsWith(`${held}.`))
			return;
		e.preventDefault();
		to.node.classList.add(to.mark);
	});
	host.addEventListener("drop", (e) => {
		const to = held === null ? null : target(e);
		const path = held;
		held = null;
		clear(host);
		if (!to)
			return;
		e.preventDefault();
		drop(path, to.group, to.index);
	});
	host.addEventListener("dragend", () => {
		held = null;
		clear(host);
		for (const x of host.querySelectorAll(".is-held"))
			x.classList.remove("is-held");
	});
}
