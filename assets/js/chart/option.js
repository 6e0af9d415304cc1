// What ECharts is told for each kind of chart.
import { colourOf, label, number, token, total } from "./number.js";
import { say } from "../app/words.js";

const sans = 'Inter, "Segoe UI", system-ui, sans-serif';

function row(name, value, colour) {
	const div = document.createElement("div");
	if (colour) {
		const i = document.createElement("i");
		i.className = "bg-" + colour;
		div.append(i);
	}
	const b = document.createElement("b");
	b.textContent = value;
	div.append(name, b);
	return div;
}

/* The words by the pointer; elements, as the policy forbids style attributes in markup. */
function tip(data, off) {
	return (items) => {
		const at = (Array.isArray(items) ? items[0] : items).dataIndex;
		const box = document.createElement("div");
		box.className = "chart-tip";
		const head = document.createElement("b");
		head.textContent = label(data, data.labels[at], true);
		box.append(head);
		const shown = data.series.map((s, i) => [s, i]).filter(([, i]) => !off.has(i));
		for (const [s, i] of shown)
			box.append(row(s.name, number(data, (s.values || [])[at]), colourOf(s, i)));
		if (shown.length > 1)
			box.append(row(say("total"), number(data, total(shown.map(([s]) => s.values[at])))));
		const before = shown.filter(([s]) => s.previous);
		if (before.length)
			box.append(row(data.previousLabel || say("previous"), number(data, total(before.map(([s]) => s.previous[at])))));
		return box;
	};
}

function base(data, off) {
	return {
		animation: false,
		textStyle: { fontFamily: sans, fontSize: 11 },
		grid: { left: 0, right: 4, top: 8, bottom: 6, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
		tooltip: {
			trigger: "axis", confine: true, formatter: tip(data, off), padding: [8, 10], borderWidth: 1,
			borderColor: token("line"), backgroundColor: token("raised"), extraCssText: "",
			axisPointer: { type: "shadow", shadowStyle: { color: token("line"), opacity: 0.35 } },
		},
		xAxis: {
			type: "category", data: data.labels.map((l) => label(data, l)), axisTick: { show: false },
			axisLine: { lineStyle: { color: token("line") } },
			axisLabel: { color: token("faint"), hideOverlap: true, fontSize: 11 },
		},
		yAxis: {
			type: "value", minInterval: data.unit ? 0 : 1, splitNumber: 4,
			splitLine: { lineStyle: { color: token("line") } },
			axisLabel: { color: token("faint"), fontSize: 11, formatter: (n) => number(data, n, true) },
		},
		series: [],
	};
}

/* A tick over each column, as wide as the column and a little more, with a rim of the surface. */
function ticks(data, shown) {
	const sums = data.labels.map((l, i) => total(shown.map((s) => (s.previous || [])[i])));
	return {
		type: "custom", silent: true, z: 5, data: sums.map((v, i) => [i, v]),
		renderItem(params, api) {
			const [x, y] = api.coord([api.value(0), api.value(1)]);
			const w = api.size([1, 0])[0] * 0.75 + 4;
			const line = (stroke, lineWidth) => ({
				type: "line", shape: { x1: x - w / 2, x2: x + w / 2, y1: y, y2: y }, style: { stroke, lineWidth },
			});
			return { type: "group", children: [line(token("surface"), 4), line(token("text"), 1.5)] };
		},
	};
}

function bars(data, off) {
	const o = base(data, off);
	const shown = data.series.filter((s, i) => !off.has(i));
	o.series = data.series.map((s, i) => ({
		type: "bar", stack: "all", name: s.name, data: off.has(i) ? [] : s.values, barCategoryGap: "25%", barMaxWidth: 48,
		itemStyle: { color: token(colourOf(s, i)), borderColor: token("surface"), borderWidth: 0.5 },
		emphasis: { disabled: true },
	}));
	if (shown.some((s) => s.previous))
		o.series.push(ticks(data, shown.filter((s) => s.previous)));
	return o;
}

function lines(data, off) {
	const o = base(data, off);
	o.tooltip.axisPointer = { type: "line", lineStyle: { color: token("line-strong"), type: "solid" } };
	o.xAxis.boundaryGap = false;
	const only = data.series.length === 1;
	data.series.forEach((s, i) => {
		if (off.has(i))
			return;
		const colour = token(colourOf(s, i));
		const line = (values, lineStyle, z) => ({
			type: "line", name: s.name, data: values, showSymbol: values.length < 2, symbol: "circle", symbolSize: 6,
			z, lineStyle: { width: 2, color: colour, ...lineStyle }, itemStyle: { color: colour }, emphasis: { disabled: true },
		});
		if (s.previous)
			o.series.push(line(s.previous, { width: 1.5, type: "dashed", color: token("c5") }, 2));
		o.series.push({ ...line(s.values || [], {}, 3), areaStyle: only ? { color: token("c1-soft"), opacity: 0.45 } : undefined });
	});
	return o;
}

function spark(data, off) {
	const o = lines(data, off);
	o.grid = { left: 2, right: 5, top: 5, bottom: 2, outerBoundsMode: "none" };
	o.xAxis.show = false;
	o.yAxis.show = false;
	o.yAxis.scale = true;
	o.series.forEach((s) => {
		const last = s.data.length - 1;
		s.data = s.data.map((value, i) => (i === last ? { value, symbol: "circle", symbolSize: 7 } : { value, symbol: "none" }));
		s.showSymbol = true;
		s.showAllSymbol = true;
		s.lineStyle.width = 1.5;
	});
	return o;
}

/* Steps of one height scale (square roots), with a slope from each to the next. */
function funnel(data, off) {
	const o = base(data, off);
	const values = (data.series[0] || {}).values || [];
	const top = Math.max(1, ...values);
	o.grid = { ...o.grid, right: 0, top: 4 };
	o.tooltip.trigger = "item";
	o.yAxis = { type: "value", min: 0, max: 1, show: false };
	o.xAxis.axisLine = { show: false };
	o.series = [{
		type: "custom", data: values.map((v, i) => [i, Math.sqrt(v / top)]),
		renderItem(params, api) {
			const i = params.dataIndex;
			const [w] = api.size([1, 0]);
			const [x] = api.coord([i, 0]);
			const floor = api.coord([i, 0])[1];
			const y = Math.min(api.coord([i, api.value(1)])[1], floor - 3);
			const left = x - w / 2;
			const body = w * 0.84;
			const children = [{
				type: "rect", shape: { x: left, y, width: body, height: floor - y, r: 3 }, style: { fill: token("c1") },
			}];
			if (i + 1 < values.length) {
				const next = Math.min(api.coord([i + 1, Math.sqrt(values[i + 1] / top)])[1], floor - 3);
				children.push({
					type: "polygon", style: { fill: token("c1-soft"), opacity: 0.6 },
					shape: { points: [[left + body + 2, y], [left + w - 2, next], [left + w - 2, floor], [left + body + 2, floor]] },
				});
			}
			return { type: "group", children };
		},
	}];
	return o;
}

const kinds = { bars, line: lines, funnel, spark };

export function options(kind, data, off) {
	return (kinds[kind] || lines)(data, off);
}
