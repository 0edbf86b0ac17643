// Survival of a sequence in three layers with three looks: people (line, whisker), parameters (band), structures (dashed lines).
import { areaOf, drawAxes, frameOf, pathOf, picture } from "./axes.js";
import { h, svg } from "./dom.js";

const STRIP = 26; // under the axis, for the whisker of the people

/** One panel; `band` is there once the parameters were drawn. */
export function drawCurves(view, figure, months, band, width) {
  const height = Math.round(Math.min(300, Math.max(210, width * 0.5)));
  const frame = frameOf(width, height, months, { bottom: 22 + STRIP });
  const [main, ...others] = figure.structures;
  return picture(
    width,
    height,
    figure.sentence,
    beyond(view, frame, figure.known_to),
    drawAxes(frame),
    band ? svg("path", { class: "band", d: areaOf(frame, months, band.low, band.high) }) : null,
    others.map((each, at) =>
      svg("path", { class: `structure s${at + 2}`, d: pathOf(frame, months, each.alive) }),
    ),
    svg("path", { class: "people-line", d: pathOf(frame, months, main.alive) }),
    medianMark(frame, figure),
    whisker(frame, figure.spread),
  );
}

function beyond(view, frame, month) {
  if (month >= frame.last) return null;
  const left = frame.x(month);
  const wide = frame.right - left;
  const words = wide > 110 ? [`medians end`, `at month ${month}`] : wide > 50 ? ["model"] : [];
  return svg(
    "g",
    {},
    svg("rect", { class: "beyond", x: left, y: frame.top, width: wide, height: frame.base - frame.top }),
    svg("line", { class: "beyond-edge", x1: left, x2: left, y1: frame.top, y2: frame.base }),
    words.map((text, line) =>
      svg(
        "text",
        { class: "t2 xs", "text-anchor": "end", x: frame.right - 4, y: frame.top + 14 + line * 14 },
        text,
      ),
    ),
  );
}

function medianMark(frame, { spread, median }) {
  const [x, y] = [frame.x(spread[1]), frame.y(50)];
  return svg(
    "g",
    {},
    svg("circle", { class: "dot", cx: x, cy: y, r: 3.5 }),
    svg("text", { class: "b s halo", x: x + 8, y: y - 7 }, `half at ${median} months`),
  );
}

// On the same months as the curve: by when 10, 50 and 90 of 100 people have died.
function whisker(frame, [low, middle, high]) {
  const y = frame.base + 22 + STRIP / 2;
  const [from, mid, to] = [low, middle, high].map(frame.x);
  return svg(
    "g",
    {},
    svg("path", { class: "ink", d: `M${from} ${y - 5}v10M${from} ${y}H${to}M${to} ${y - 5}v10` }),
    svg("circle", { class: "dot", cx: mid, cy: y, r: 3.5 }),
  );
}

/** What the looks mean, with the names of the structures. */
export function drawLegend(structures) {
  const sample = (...shapes) =>
    svg("svg", { class: "lanes plot sample", width: 30, height: 14, "aria-hidden": "true" }, shapes);
  const line = (name) => svg("path", { class: name, d: "M1 7h28" });
  const entry = (shapes, words) => h("span", {}, sample(shapes), words);
  const [main, ...others] = structures;
  return h(
    "div",
    { class: "legend" },
    entry(line("people-line"), `people, if ${main.label.toLowerCase()}`),
    others.map((each, at) => entry(line(`structure s${at + 2}`), `structure: ${each.label.toLowerCase()}`)),
    entry(
      svg("rect", { class: "band", x: 1, y: 2, width: 28, height: 10 }),
      "95 of 100 draws of the parameters",
    ),
    entry(
      [
        svg("path", { class: "ink", d: "M2 3v8M2 7h26M28 3v8" }),
        svg("circle", { class: "dot", cx: 12, cy: 7, r: 3 }),
      ],
      "death of 10, 50, 90 of 100 people",
    ),
    entry(svg("rect", { class: "beyond", x: 1, y: 1, width: 28, height: 12 }), "beyond the medians of its lines"),
  );
}
