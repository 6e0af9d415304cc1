// What a condition in the form still lacks: the key of a sentence, or "".
export const numberSums = ["sum", "avg", "min", "max"];

export function missing(is) {
	const tests = [is.test, ...(is.filters || []).map((f) => f.test), ...(is.steps || []).flatMap((s) => s.event.filters.map((f) => f.test))].filter(Boolean);
	const events = is.kind === "event" ? [is] : (is.steps || []).map((s) => s.event);
	if (events.some((e) => e.filters.some((f) => !f.prop.trim()) || (e.prop && !e.prop.trim()) || (numberSums.concat("most").includes(e.sum) && !e.prop)))
		return "bad_prop";
	if (events.some((e) => e.windows.some((w) => ("within" in w ? !w.within : !w.from || !w.till))))
		return "bad_date";
	if (tests.some((t) => t.args.some((a) => a === null) || (t.word === "one_of" && !t.args.length)))
		return tests.some((t) => ["at_least", "at_most", "more", "less"].includes(t.word) && t.args[0] === null) ? "bad_number" : "bad_value";
	if (["lat", "lon", "km", "percent"].some((k) => k in is && is[k] === null))
		return "bad_number";
	if ((is.kind === "where" || is.kind === "lua") && is.text.trim() === "")
		return "bad_value";
	return "";
}
