// "How it narrows": a bar for everybody and for the conditions one after the other; its length is the root of the number.
import { el } from "./dom.js";

export function drawNarrow(card, words, { total, counts, titles, sources }) {
	card.hidden = !counts || counts.length < 1 || counts.length !== titles.length;
	if (card.hidden)
		return;
	const root = (n) => (total > 0 ? Math.max(n > 0 ? 1 : 0, Math.min(100, Math.round(Math.sqrt(n / total) * 100))) : 0);
	const bar = (label, n, rule, cls, last) => el("li", {},
		el("div.row-x.sm", {}, el(`span.grow.ell${last ? ".md" : ""}`, { title: label }, label),
			el(`a.num.tn.nw${last ? ".md" : ""}`, { href: `/clients?rule=${encodeURIComponent(rule)}` }, words.number(n))),
		el(`div.bar${cls}`, {}, el(`i.w-${root(n)}`)));
	const rows = [bar(words.say("everybody"), total, "return everyone()", ".lo", false)];
	counts.forEach((n, i) => {
		const upTo = sources.slice(0, i + 1).join("\n & ");
		if (typeof n === "number")
			rows.push(bar(titles[i], n, `return ${upTo}`, "", i === counts.length - 1));
	});
	card.replaceChildren(el("div.ch", {}, el("h2", {}, words.say("narrow"))),
		el("div.cb", {}, el("ul.funnel.narrow", {}, rows), el("p.xs.fnt.mt-2", {}, words.say("narrow_hint"))));
}
