// Hazard ratios of the trials behind the options, each with its interval on one log scale. Rows of different trials stand under one
// another and are not ranked: what each was set against stands beside it.
import { doButton, h, paletteClass, svg } from "./dom.js";

const FIRST = 10;
const [LEAST, MOST] = [0.2, 2.5];
const TICKS = [0.25, 0.5, 1, 2];
const PLOT = 260;
const ROW = 22;
const PLACE = (value) => (Math.log(value / LEAST) / Math.log(MOST / LEAST)) * PLOT;

/** The forest of the rows that have a hazard ratio; nothing where none has. */
export function drawForest(view, rows) {
  const found = rows.filter(({ forest }) => forest);
  if (!found.length) return null;
  const open = view.printing || (view.state.open.get("forest") ?? view.size !== "phone");
  const all = view.state.all.has("forest");
  const shown = all ? found : found.slice(0, FIRST);
  const spread = found.filter(({ forest }) => forest.low !== null).length;
  return h(
    "details",
    { class: "forest", "data-fold": "forest", "data-key": "forest", open },
    h("summary", {}, "Hazard ratios ", h("span", { class: "sub s" }, `${found.length}, ${spread} with an interval; left of 1: fewer events with this regimen`)),
    h(
      "table",
      {},
      h("caption", { class: "hide" }, "Hazard ratios of the trials behind the options, each against its own other arm; not ranked"),
      h(
        "thead",
        {},
        h("tr", {}, ["Regimen against", "Trial, population, endpoint"].map(head), h("th", { scope: "col", class: "scale" }, scale()), head("Hazard ratio")),
      ),
      h("tbody", {}, shown.map((row) => line(row))),
    ),
    found.length > FIRST
      ? doButton(all ? `Show the first ${FIRST}` : `Show all ${found.length} hazard ratios`, "all", {
          "data-value": "forest",
          class: "more",
          "aria-expanded": String(all),
        })
      : null,
  );
}

function head(words) {
  return h("th", { scope: "col" }, words);
}

function scale() {
  return svg(
    "svg",
    { class: "lanes", width: PLOT, height: 18, viewBox: `0 0 ${PLOT} 18`, role: "img", "aria-label": "Scale from 0.2 to 2.5, logarithmic" },
    TICKS.map((value) => svg("text", { class: `xs ${value === 1 ? "b" : "t2"}`, x: PLACE(value), y: 13, "text-anchor": "middle" }, String(value))),
  );
}

function line(row) {
  const { value, low, high } = row.forest;
  const interval = low === null ? "no interval" : `${low}-${high}`;
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, h("b", {}, row.regimen), row.against ? h("span", { class: "sub block" }, `v ${row.against}`) : null),
    h("td", {}, row.trial, h("span", { class: "sub block" }, `${row.population}; ${row.endpoint}`)),
    h("td", { class: "scale" }, mark(row)),
    h("td", { class: "value" }, h("b", {}, String(value)), h("span", { class: "sub block" }, interval)),
  );
}

// What lies beyond the scale ends in an arrow.
function mark({ palette, forest: { value, low, high } }) {
  const middle = ROW / 2;
  const inside = (each) => Math.min(PLOT - 2, Math.max(2, PLACE(each)));
  const beyond = (each, at) => (each < LEAST ? `M${at + 6} ${middle - 4}l-6 4l6 4` : each > MOST ? `M${at - 6} ${middle - 4}l6 4l-6 4` : `M${at} ${middle - 4}v8`);
  return svg(
    "svg",
    { class: "lanes", width: PLOT, height: ROW, viewBox: `0 0 ${PLOT} ${ROW}`, "aria-hidden": "true" },
    TICKS.map((each) => svg("line", { class: each === 1 ? "ink" : "grid", x1: PLACE(each), x2: PLACE(each), y1: 0, y2: ROW })),
    low === null
      ? svg("circle", { class: "open", cx: inside(value), cy: middle, r: 4 })
      : [
          svg("path", { class: "ink", d: `M${inside(low)} ${middle}H${inside(high)}${beyond(low, inside(low))}${beyond(high, inside(high))}` }),
          svg("g", { class: `bar ${paletteClass(palette)}` }, svg("rect", { class: "body", x: inside(value) - 5, y: middle - 5, width: 10, height: 10 })),
        ],
  );
}
