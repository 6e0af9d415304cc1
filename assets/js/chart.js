// Charts (ECharts, SVG), loaded only by pages that have one.
//
//	<div data-chart="bars|line|funnel|spark" id="growth" aria-label="…">
//	  <script type="application/json">
//	  {"labels": ["2025-10-23", …], "unit": "Br", "locale": "ru",
//	   "series": [{"name": "Сайт", "values": [77, …], "previous": [60, …], "color": 1, "href": "/…"}],
//	   "previousLabel": "прошлые 30 дней", "labelName": "День"}
//	  </script>
//	</div>
//	<button data-chart-table="#growth" aria-pressed="false" aria-label="Показать таблицей">
//
// bars		stacked; a tick a column for the sum of "previous"
// line		one line a series, dashed for "previous"
// funnel	one series; heights are square roots
// spark	a small line without axes
// Labels that are dates (2025-10-23) or hours (2025-10-23T14) are said in the page's language.
// color 1..5 picks a series token (else by order); unit stands after each number; "%" too.
// data-legend="no" leaves the legend out; it holds totals, and links where there is href.
// Heights: .h-m 180, .h-s 56, else 264. The table shows the same numbers. Colours are the tokens,
// drawn anew when the theme changes ("cxdp:theme" on document).
import * as echarts from "echarts/core";
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { options } from "./chart/option.js";
import { legend, table } from "./chart/beside.js";
import { say } from "./app/words.js";

echarts.use([BarChart, LineChart, CustomChart, GridComponent, TooltipComponent, SVGRenderer]);

const mounted = new Map();

function draw(c) {
	c.plot.setOption(options(c.kind, c.data, c.off), { notMerge: true });
}

function mount(el) {
	if (mounted.has(el))
		return;
	const source = el.querySelector('script[type="application/json"]');
	let data;
	try {
		data = JSON.parse(source.textContent);
	} catch (e) {
		return;
	}
	data.series = data.series || [];
	data.labels = data.labels || [];
	const box = document.createElement("div");
	box.className = "chart-plot";
	box.setAttribute("role", "img");
	const title = el.closest(".card") && el.closest(".card").querySelector("h2, h3");
	box.setAttribute("aria-label", el.getAttribute("aria-label") || (title ? title.textContent : el.dataset.chart));
	el.removeAttribute("aria-label");
	el.append(box);
	const c = { el, box, data, kind: el.dataset.chart, off: new Set(), table: null };
	c.plot = echarts.init(box, null, { renderer: "svg" });
	c.size = new ResizeObserver(() => c.box.clientWidth && c.plot.resize());
	c.size.observe(box);
	draw(c);
	if (c.kind !== "spark" && c.kind !== "funnel" && el.dataset.legend !== "no")
		el.append(legend(data, (i, on) => {
			if (on)
				c.off.delete(i);
			else
				c.off.add(i);
			draw(c);
		}));
	mounted.set(el, c);
}

function flip(button) {
	const scope = button.closest(".card") || document;
	const c = mounted.get(button.dataset.chartTable ? document.querySelector(button.dataset.chartTable)
		: scope.querySelector("[data-chart]"));
	if (!c)
		return;
	const on = !c.table || c.table.hidden;
	if (!c.table) {
		c.table = table(c.data, c.box.getAttribute("aria-label"));
		c.box.after(c.table);
	}
	c.table.hidden = !on;
	c.box.hidden = on;
	button.setAttribute("aria-pressed", String(on));
	const label = say(on ? "plot" : "table");
	button.setAttribute("aria-label", label);
	button.title = label;
	if (!on)
		c.plot.resize();
}

function scan() {
	for (const [el, c] of mounted)
		if (!el.isConnected) {
			c.size.disconnect();
			c.plot.dispose();
			mounted.delete(el);
		}
	document.querySelectorAll("[data-chart]").forEach(mount);
}

document.addEventListener("click", (e) => {
	const button = e.target instanceof Element && e.target.closest("[data-chart-table]");
	if (button)
		flip(button);
});
document.addEventListener("cxdp:theme", () => mounted.forEach(draw));
for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap", "cxdp:chart"])
	document.addEventListener(name, scan);
if (document.readyState === "loading")
	document.addEventListener("DOMContentLoaded", scan);
else
	scan();
