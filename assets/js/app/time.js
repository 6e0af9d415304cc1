//	<time datetime="2025-11-21T11:32:00Z" data-rel>21 ноября, 14:32</time>     "2 минуты назад"
//	<time … data-rel="short">                                                  "2 мин"
//
// The exact time, in the zone of <html data-zone>, is the title. Older than 30 days: a date.
// Kept fresh; new times are found after every swap.
import { lang, say } from "./words.js";

const steps = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30]];

function zone() {
	const z = document.documentElement.dataset.zone;
	try {
		new Intl.DateTimeFormat("en", { timeZone: z });
		return z;
	} catch (e) {
		return undefined;
	}
}

export function relative(date, now, short) {
	const loc = lang();
	let n = (date - now) / 1000;
	if (Math.abs(n) < (short ? 1 : 10))
		return say("now");
	for (const [unit, size] of steps) {
		if (Math.abs(n) < size) {
			const whole = Math.trunc(n);
			if (short)
				return new Intl.NumberFormat(loc, { style: "unit", unit, unitDisplay: "short" })
					.format(Math.abs(whole));
			return new Intl.RelativeTimeFormat(loc, { numeric: unit === "day" ? "auto" : "always" })
				.format(whole, unit);
		}
		n /= size;
	}
	const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
	return new Intl.DateTimeFormat(loc, { day: "numeric", month: short ? "short" : "long", year, timeZone: zone() })
		.format(date);
}

export function refresh(root = document) {
	const now = new Date();
	const exact = new Intl.DateTimeFormat(lang(), { dateStyle: "long", timeStyle: "medium", timeZone: zone() });
	for (const el of root.querySelectorAll("time[data-rel][datetime]")) {
		const date = new Date(el.dateTime);
		if (Number.isNaN(+date))
			continue;
		const text = relative(date, now, el.dataset.rel === "short");
		if (el.textContent !== text)
			el.textContent = text;
		el.title = exact.format(date);
	}
}

export function time() {
	refresh();
	document.addEventListener("htmx:load", (e) => refresh(e.target.parentNode || document));
	setInterval(() => document.hidden || refresh(), 10000);
	document.addEventListener("visibilitychange", () => document.hidden || refresh());
}
