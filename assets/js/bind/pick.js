// Outlines, and pointing at an element: by mouse, or with arrows from parent to child. The page hears nothing of it.
import { h } from "./look.js";
import { all } from "../tag/bind.js";
import { one } from "./selector.js";

const heard = ["click", "dblclick", "auxclick", "contextmenu", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend", "submit"];

export function marks(app) {
	let kept = [];
	const lay = (box, el) => {
		const r = el.getBoundingClientRect();
		box.style.left = r.left + "px";
		box.style.top = r.top + "px";
		box.style.width = r.width + "px";
		box.style.height = r.height + "px";
	};
	const again = () => kept.forEach((m) => lay(m.box, m.el));
	addEventListener("scroll", again, true);
	addEventListener("resize", again);
	function add(el, kind) {
		const m = { el, box: h("div", { class: "box " + kind }) };
		lay(m.box, el);
		app.root.append(m.box);
		kept.push(m);
		return m;
	}
	return {
		all(selector) {
			let list = [];
			try {
				list = all(selector).slice(0, 100);
			} catch (e) { /* not a selector yet */ }
			list.forEach((el) => add(el, "all"));
			return list.length;
		},
		one: (el) => el && add(el, ""),
		hit(el) {
			const m = el && add(el, "hit");
			if (m)
				setTimeout(() => m.box.remove(), 600);
		},
		clear() {
			kept.forEach((m) => m.box.remove());
			kept = [];
		},
	};
}

export function picker(app) {
	let now = null, way = [], done = null, left = null;
	const tip = h("div", { class: "tip" });

	function point(el) {
		now = el;
		app.marks.clear();
		app.marks.one(el);
		const r = el.getBoundingClientRect();
		tip.textContent = one(el);
		tip.style.left = Math.max(4, r.left) + "px";
		tip.style.top = (r.top > 28 ? r.top - 26 : r.bottom + 4) + "px";
		app.root.append(tip);
	}
	const over = (e) => {
		const el = e.target;
		if (el === app.frame || !el.getBoundingClientRect || el === document.documentElement)
			return;
		way = [];
		point(el);
	};
	const hold = (e) => {
		if (e.target === app.frame)
			return;
		e.preventDefault();
		e.stopImmediatePropagation();
		if (e.type === "click" && e.target.getBoundingClientRect)
			take(way.length && now ? now : e.target);
	};
	const key = (e) => {
		const moves = { ArrowUp: 1, ArrowDown: 1, Enter: 1, Escape: 1 };
		if (!moves[e.key] || (e.target === app.frame && e.key === "Enter"))
			return;
		e.preventDefault();
		e.stopImmediatePropagation();
		if (e.key === "Escape") {
			const go = left;
			stop();
			go();
		} else if (e.key === "Enter" && now)
			take(now);
		else if (e.key === "ArrowUp" && now && now.parentElement && now.parentElement !== document.documentElement) {
			way.push(now);
			point(now.parentElement);
		} else if (e.key === "ArrowDown") {
			const next = way.pop() || (now ? now.firstElementChild : document.body);
			if (next && next !== app.frame)
				point(next);
		}
	};
	function take(el) {
		const go = done;
		stop();
		go(el);
	}
	function stop() {
		removeEventListener("mouseover", over, true);
		removeEventListener("keydown", key, true);
		heard.forEach((n) => removeEventListener(n, hold, true));
		tip.remove();
		app.marks.clear();
		now = null;
		way = [];
	}
	return {
		stop,
		start(title, then, cancelled) {
			stop();
			done = then;
			left = cancelled;
			addEventListener("mouseover", over, true);
			addEventListener("keydown", key, true);
			heard.forEach((n) => addEventListener(n, hold, { capture: true, passive: false }));
			app.show([h("h2", null, app.t(title)), h("p", { class: "mut" }, app.t("keys"))],
				[h("button", { type: "button", onclick: () => {
					stop();
					cancelled();
				} }, app.t("back"))]);
		},
	};
}
