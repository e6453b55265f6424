// Bar charts. What they say is in their label and in a table beside them, too.

import { svg } from "./elements.js";

const HEIGHT = 220;
const LEFT = 56; // for what the lines are worth
const BOTTOM = 26; // for the days
const LINES = 4;
const ROW = 44;
const LABEL = 52; // px that a day's name takes

/** Upright bars, one for each of a row of days, up to `least` if not more. Points are `{label, value, text, now}`. */
export function columns(place, points, { title, write, least = 1, most = null }) {
  const width = Math.max(place.clientWidth, 240);
  const top = Math.min(most ?? Infinity, ceiling(Math.max(least, ...points.map((point) => point.value))));
  const [plotWidth, plotHeight] = [width - LEFT, HEIGHT - BOTTOM - 8];
  const each = plotWidth / points.length;
  const y = (value) => 8 + plotHeight * (1 - value / top);
  const every = Math.ceil(LABEL / each);
  const lines = Array.from({ length: LINES + 1 }, (_, n) => (top * n) / LINES).flatMap((value) => [
    svg("line", { class: "line", x1: LEFT, x2: width, y1: y(value), y2: y(value) }),
    svg("text", { class: "axis", x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, write(value)),
  ]);
  const drawn = points.flatMap(({ label, value, text, now }, index) => {
    const x = LEFT + index * each;
    const bar = svg("rect", { class: now ? "column now" : "column", x: x + each * 0.16, width: each * 0.68, y: y(value), height: Math.max(0, y(0) - y(value)), rx: Math.min(4, each * 0.2) }, svg("title", {}, `${label}: ${text}`));
    const named = index % every === 0 && svg("text", { class: "axis", x: x + each / 2, y: HEIGHT - 6, "text-anchor": "middle" }, label);
    return named ? [bar, named] : [bar];
  });
  place.replaceChildren(chart(width, HEIGHT, title, points, [...lines, ...drawn]));
}

/** Bars below their names, the longest first. */
export function rows(place, points, { title, most = null }) {
  const width = Math.max(place.clientWidth, 240);
  const height = Math.max(ROW, points.length * ROW);
  const top = most ?? Math.max(1, ...points.map((point) => point.value));
  const drawn = points.flatMap(({ label, value, text }, index) => {
    const y = index * ROW;
    return [
      svg("text", { class: "name", x: 0, y: y + 15 }, shortened(label, width)),
      svg("text", { class: "value", x: width, y: y + 15, "text-anchor": "end" }, text),
      svg("rect", { class: "track", x: 0, y: y + 22, width, height: 10, rx: 5 }),
      svg("rect", { class: "column", x: 0, y: y + 22, width: (width * value) / top, height: 10, rx: 5 }, svg("title", {}, `${label}: ${text}`)),
    ];
  });
  place.replaceChildren(chart(width, height, title, points, drawn));
}

function chart(width, height, title, points, drawn) {
  const told = points.map(({ label, text }) => `${label} ${text}`).join(", ");
  return svg("svg", { class: "chart", role: "img", viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": `${title}: ${told || "nothing"}` }, ...drawn);
}

/** The next round number: some times a power of ten, which four lines divide well. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map((step) => step * power).find((round) => round >= value);
}

function shortened(label, width) {
  const fits = Math.floor((width - 80) / 7.5);
  return label.length > fits ? `${label.slice(0, fits - 1)}…` : label;
}
