/**
 * The charts of `data_visualization`, drawn as SVG. Colours come from the style sheet (`chart-1` …); every
 * mark has a title, and the numbers stand below as a table for those who read rather than look.
 */
import { fill, h, s, uniqueId } from "./dom.js";

/** A drawing is as wide as its place, also when that changes, so that its words keep their size. */
const WIDTH = 560;
const NARROWEST = 260;
const REDRAWN_FROM = 8;
const HEIGHT = 260;
const LEFT = 46;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 28;

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** Round steps that cover `low` to `high`: the tick values, lowest first; `whole` ones for what is counted. */
export function ticks(low, high, { wanted = 5, whole = false } = {}) {
  const span = high - low || 1;
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const usable = [1, 2, 2.5, 5, 10].map((one) => one * power).filter((one) => !whole || Number.isInteger(one));
  const step = usable.find((one) => one >= raw) ?? 10 * power;
  const first = Math.floor(low / step) * step;
  const values = [];
  for (let index = 0; index <= 40; index += 1) {
    const value = Number((first + index * step).toPrecision(12));
    values.push(value);
    if (value >= high) break;
  }
  return values;
}

const fixed = (value) => Number(value.toFixed(2));

function legend(names) {
  return h("ul", { class: "legend" }, names.map((name, index) => h("li", null, h("span", { class: `legend-mark chart-${(index % 12) + 1}`, "aria-hidden": "true" }), name)));
}

/** The numbers of the chart as a table behind a disclosure. */
function numbers(head, rows) {
  return h(
    "details",
    { class: "chart-numbers" },
    h("summary", null, "Show the numbers"),
    h("div", { class: "table-scroll" }, h("table", { class: "table" }, h("thead", null, h("tr", null, head.map((cell) => h("th", { scope: "col" }, cell)))), h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, index) => (index ? h("td", { class: "align-right" }, cell) : h("th", { scope: "row" }, cell)))))))),
  );
}

function pie(chart, title) {
  const segments = chart.segments ?? [];
  const total = segments.reduce((sum, one) => sum + one.value, 0) || 1;
  const titleId = uniqueId("chart");
  const radius = 100;
  let angle = -Math.PI / 2;
  const point = (at, size) => `${fixed(size * Math.cos(at))} ${fixed(size * Math.sin(at))}`;
  const marks = segments.map((segment, index) => {
    const from = angle;
    angle += (segment.value / total) * Math.PI * 2;
    const share = `${segment.label}: ${number.format(segment.value)} (${Math.round((segment.value / total) * 100)} %)`;
    const props = { class: `chart-area chart-${(index % 12) + 1}`, "data-label": segment.label };
    if (segments.length === 1 || segment.value === total) return s("circle", { ...props, r: radius }, s("title", null, share));
    const large = angle - from > Math.PI ? 1 : 0;
    return s("path", { ...props, d: `M0 0 L${point(from, radius)} A${radius} ${radius} 0 ${large} 1 ${point(angle, radius)} Z` }, s("title", null, share));
  });
  const described = segments.map((one) => `${one.label} ${number.format(one.value)}`).join(", ");
  const picture = s("svg", { class: "chart-svg chart-pie", viewBox: "-104 -104 208 208", role: "img", "aria-labelledby": titleId }, s("title", { id: titleId }, `Pie chart: ${title}. ${described}`), marks, s("circle", { class: "chart-hole", r: 52 }));
  const list = h(
    "ul",
    { class: "legend legend-pie" },
    segments.map((one, index) =>
      h("li", null, h("span", { class: `legend-mark chart-${(index % 12) + 1}`, "aria-hidden": "true" }), h("span", { class: "legend-label" }, one.label), h("span", { class: "legend-number" }, `${number.format(one.value)} · ${Math.round((one.value / total) * 100)} %`)),
    ),
  );
  return h("div", { class: "chart-pie-row" }, picture, list);
}

/** Bar, line and area charts share the axes. */
function axes(chart, title) {
  const { picture, table } = drawn(chart, title, WIDTH);
  const place = h("div", { class: "chart-scroll" }, picture);
  let width = WIDTH;
  new ResizeObserver(([entry]) => {
    const wanted = Math.max(NARROWEST, Math.floor(entry.contentRect.width));
    if (!entry.contentRect.width || Math.abs(wanted - width) < REDRAWN_FROM) return;
    width = wanted;
    requestAnimationFrame(() => fill(place, drawn(chart, title, width).picture));
  }).observe(place);
  return [place, legend((chart.series ?? []).map((one) => one.name)), table];
}

/** The chart `width` pixels wide, and its numbers. */
function drawn(chart, title, width) {
  const series = chart.series ?? [];
  const categories = chart.axis_config?.categories ?? [...new Set(series.flatMap((one) => one.data.map((point) => point.label)))];
  const valueOf = (one, category) => one.data.find((point) => point.label === category)?.value ?? null;
  const all = series.flatMap((one) => one.data.map((point) => point.value));
  const steps = ticks(Math.min(0, ...all), Math.max(0, ...all), { whole: all.every(Number.isInteger) });
  const low = steps[0];
  const high = steps.at(-1);
  const { x_label: xLabel, y_label: yLabel } = chart.axis_config ?? {};
  const left = LEFT + (yLabel ? 16 : 0);
  const plotWidth = width - left - RIGHT;
  const band = plotWidth / Math.max(1, categories.length);
  const named = categoryNames(categories, band);
  const bottom = BOTTOM + (xLabel ? 20 : 0) + named.height;
  const height = HEIGHT + named.height;
  const plotHeight = height - TOP - bottom;
  const y = (value) => fixed(TOP + plotHeight - ((value - low) / (high - low || 1)) * plotHeight);
  const middle = (index) => fixed(left + band * (index + 0.5));

  const grid = steps.map((value) => [
    s("line", { class: value === 0 ? "chart-axis" : "chart-grid", x1: left, x2: width - RIGHT, y1: y(value), y2: y(value) }),
    s("text", { class: "chart-text", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, compact.format(value)),
  ]);
  const labels = categories.map((category, index) => named.draw(category, index, middle(index), height - bottom + 18));
  const names = [
    xLabel ? s("text", { class: "chart-name", x: left + plotWidth / 2, y: height - 6, "text-anchor": "middle" }, xLabel) : null,
    yLabel ? s("text", { class: "chart-name", transform: `translate(12 ${TOP + plotHeight / 2}) rotate(-90)`, "text-anchor": "middle" }, yLabel) : null,
  ];
  const marks = { bar: bars, line: lines, area: lines }[chart.type]({ chart, series, categories, valueOf, y, band, left, middle, low, high });
  const titleId = uniqueId("chart");
  const kind = { bar: "Bar chart", line: "Line chart", area: "Area chart" }[chart.type];
  const described = series.map((one) => `${one.name}: ${categories.map((category) => `${category} ${valueOf(one, category) ?? "no value"}`).join(", ")}`).join(". ");
  const picture = s("svg", { class: "chart-svg", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": titleId }, s("title", { id: titleId }, `${kind}: ${title}. ${described}`), grid, labels, names, marks);
  const table = numbers(["", ...series.map((one) => one.name)], categories.map((category) => [category, ...series.map((one) => (valueOf(one, category) === null ? "–" : number.format(valueOf(one, category))))]));
  return { picture, table };
}

const LETTER = 6.6;
const LINE = 14;
/** Letters of a slanted name: as many as a label may have. */
const SLANTED = 20;
const SLANT = { degrees: -38, across: 0.74, down: 0.62 };

/** The words of `text` in lines of at most `room` letters. */
function wrapped(text, room) {
  const found = [""];
  for (const word of text.split(" ")) {
    const longer = found.at(-1) ? `${found.at(-1)} ${word}` : word;
    if (longer.length <= room) found[found.length - 1] = longer;
    else if (found.at(-1)) found.push(word);
    else found[0] = word;
  }
  return found;
}

/** How the categories are written below a band of this width: in lines where their words fit, else slanted. */
function categoryNames(categories, band) {
  const room = band / LETTER;
  const lines = Math.max(1, ...categories.map((one) => wrapped(one, room).length));
  if (lines <= 3 && categories.every((one) => one.split(" ").every((word) => word.length <= room))) {
    const draw = (category, _index, x, y) =>
      s("text", { class: "chart-text", x, y, "text-anchor": "middle" }, wrapped(category, room).map((line, at) => s("tspan", { x, dy: at ? LINE : 0 }, line)), s("title", null, category));
    return { height: (lines - 1) * LINE, draw };
  }
  const letters = Math.min(SLANTED, Math.max(0, ...categories.map((one) => one.length)));
  const every = Math.ceil(LINE / band);
  const draw = (category, index, x, y) =>
    index % every ? null : s("text", { class: "chart-text", transform: `translate(${x + 4} ${y - 4}) rotate(${SLANT.degrees})`, "text-anchor": "end" }, shorten(category, Math.min(SLANTED, x / (LETTER * SLANT.across))), s("title", null, category));
  return { height: Math.max(0, letters * LETTER * SLANT.down - 8), draw };
}

const shorten = (text, room) => (text.length <= room ? text : `${text.slice(0, Math.max(2, Math.floor(room) - 1))}…`);

function bars({ series, categories, valueOf, y, band, left }) {
  const group = band * 0.72;
  const thickness = Math.min(48, group / series.length);
  return series.flatMap((one, at) =>
    categories.map((category, index) => {
      const value = valueOf(one, category);
      if (value === null) return null;
      const x = fixed(left + band * index + band / 2 - (thickness * series.length) / 2 + thickness * at);
      const top = Math.min(y(value), y(0));
      return s("rect", { class: `chart-area chart-${(at % 12) + 1}`, x, y: top, width: fixed(Math.max(1, thickness - 2)), height: fixed(Math.abs(y(value) - y(0))), rx: 2, "data-label": category }, s("title", null, `${one.name}, ${category}: ${number.format(value)}`));
    }),
  );
}

function lines({ chart, series, categories, valueOf, y, middle }) {
  return series.flatMap((one, at) => {
    const points = categories.map((category, index) => ({ category, value: valueOf(one, category), x: middle(index) })).filter((point) => point.value !== null);
    const path = points.map((point, index) => `${index ? "L" : "M"}${point.x} ${y(point.value)}`).join(" ");
    const color = `chart-${(at % 12) + 1}`;
    return [
      chart.type === "area" && points.length ? s("path", { class: `chart-area chart-soft ${color}`, d: `${path} L${points.at(-1).x} ${y(0)} L${points[0].x} ${y(0)} Z` }) : null,
      s("path", { class: `chart-line ${color}`, d: path }),
      points.map((point) => s("circle", { class: `chart-area chart-dot ${color}`, cx: point.x, cy: y(point.value), r: 3.5, "data-label": point.category }, s("title", null, `${one.name}, ${point.category}: ${number.format(point.value)}`))),
    ];
  });
}

/** A `data_visualization` block. */
export function dataVisualization(block) {
  const chart = block.chart ?? {};
  const title = typeof block.title === "string" ? block.title : (block.title?.text ?? "");
  const body = chart.type === "pie" ? pie(chart, title) : ["bar", "line", "area"].includes(chart.type) ? axes(chart, title) : h("p", { class: "unknown" }, `[${chart.type ?? "chart"}]`);
  return h("figure", { class: "chart" }, h("figcaption", { class: "chart-title" }, title), body);
}
