// Numbers and labels in the page's language.
import { lang } from "../app/words.js";

const minus = "\u2212";
/* Intl says "нояб.": longer than a chart has room for. */
const short = ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];

export function locale(data) {
	return /^en/i.test(data.locale || lang()) ? "en" : "ru";
}

export function number(data, n, compact) {
	if (n === null || n === undefined || n === "" || Number.isNaN(+n))
		return "—";
	const text = new Intl.NumberFormat(locale(data), {
		maximumFractionDigits: 2, notation: compact && Math.abs(n) >= 1e6 ? "compact" : "standard",
		useGrouping: true,
	}).format(n).replace(/^-/, minus);
	return data.unit && !compact ? text + "\u00a0" + data.unit : text;
}

export function label(data, text, long) {
	const day = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::(\d\d))?)?/.exec(text);
	if (!day)
		return String(text);
	if (day[4] && !long)
		return `${day[4]}:${day[5] || "00"}`;
	const month = locale(data) === "ru" && !long ? short[+day[2] - 1] : null;
	const said = month ? `${+day[3]} ${month}` : new Intl.DateTimeFormat(locale(data), {
		day: "numeric", month: long ? "long" : "short", timeZone: "UTC",
	}).format(new Date(Date.UTC(+day[1], +day[2] - 1, +day[3]))).replace(/\.$/, "");
	return day[4] ? `${said}, ${day[4]}:${day[5] || "00"}` : said;
}

export function total(list) {
	return (list || []).reduce((sum, n) => sum + (+n || 0), 0);
}

export function token(name) {
	return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

export function colourOf(series, i) {
	return "c" + Math.min(5, Math.max(1, +series.color || (i % 5) + 1));
}
