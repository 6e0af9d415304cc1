// htmx, set for our policy: nothing evaluated (so no hx-on, no "js:" values, no [filters] in triggers),
// no style added, only our own origin, no page kept in storage. 422 swaps (a form with its errors).
//
//	<meta name="csrf" content="…">                      X-CSRF-Token on every request but GET
//	<div id="feed" hx-get="…" hx-trigger="every 3s">    a live region; polling rests in a hidden tab
//	<button data-live-pause="#feed" aria-pressed="false" data-label="Остановить ленту"
//	        data-label-paused="Продолжить">  pauses it; .when-live / .when-paused inside show in turn
//	response HX-Trigger: {"toast": {...}}               see toast.js
import htmx from "htmx.org";
import { say } from "./words.js";
import { toast } from "./toast.js";

Object.assign(htmx.config, {
	allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true, historyCacheSize: 0,
	refreshOnHistoryMiss: true, allowScriptTags: false, timeout: 30000, scrollIntoViewOnBoost: false,
	responseHandling: [
		{ code: "204", swap: false }, { code: "[23]..", swap: true }, { code: "422", swap: true },
		{ code: "[45]..", swap: false, error: true },
	],
});
window.htmx = htmx;

function failure(xhr) {
	if (xhr.status === 401)
		return say("expired");
	if (xhr.status === 403)
		return say("denied");
	return say("failed") + (xhr.getResponseHeader("X-Request-Id") || xhr.status);
}

function pause(button) {
	const region = document.querySelector(button.dataset.livePause);
	if (!region)
		return;
	const on = region.toggleAttribute("data-paused");
	button.setAttribute("aria-pressed", String(on));
	const label = on ? button.dataset.labelPaused : button.dataset.label;
	if (label) {
		button.setAttribute("aria-label", label);
		button.title = label;
	}
	if (!on)
		htmx.trigger(region, "resume");
}

const polled = (elt) => /\bevery\b/.test(elt.getAttribute("hx-trigger") || "");

export function wire() {
	document.addEventListener("htmx:configRequest", (e) => {
		const token = document.querySelector('meta[name="csrf"]');
		if (token && e.detail.verb !== "get")
			e.detail.headers["X-CSRF-Token"] = token.content;
	});
	document.addEventListener("htmx:beforeRequest", (e) => {
		const by = e.detail.requestConfig && e.detail.requestConfig.triggeringEvent;
		if (!by && polled(e.detail.elt) && (document.hidden || e.detail.elt.hasAttribute("data-paused")))
			e.preventDefault();
	});
	document.addEventListener("htmx:responseError", (e) => toast(failure(e.detail.xhr), "bad"));
	document.addEventListener("htmx:sendError", (e) => polled(e.detail.elt) || toast(say("offline"), "bad"));
	document.addEventListener("htmx:timeout", (e) => polled(e.detail.elt) || toast(say("slow"), "warn"));
	document.addEventListener("toast", (e) => e.detail && e.detail.text && toast(e.detail.text, e.detail.kind));
	document.addEventListener("click", (e) => {
		const button = e.target instanceof Element && e.target.closest("[data-live-pause]");
		if (button)
			pause(button);
	});
}
