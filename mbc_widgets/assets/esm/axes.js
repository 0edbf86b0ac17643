// Axes of the outcome pictures: months to the right, people upwards; plain SVG.
import { svg } from "./dom.js";

const LEFT = 30;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 22;

/** Places of months and of people out of 100 in a drawing of this size. */
export function frameOf(width, height, months, { left = LEFT, bottom = BOTTOM, top = TOP } = {}) {
  const last = months.at(-1) || 1;
  return {
    width,
    height,
    left,
    right: width - RIGHT,
    top,
    base: height - bottom,
    last,
    x: (month) => left + (Math.min(month, last) * (width - left - RIGHT)) / last,
    y: (people) => height - bottom - (people * (height - bottom - top)) / 100,
  };
}

/** The grid with its numbers; the picture's name says what they are. */
export function drawAxes(frame, { people = true } = {}) {
  const lines = people ? [0, 25, 50, 75, 100] : [];
  return svg(
    "g",
    { "aria-hidden": "true" },
    lines.map((each) => [
      svg("line", { class: "grid", x1: frame.left, x2: frame.right, y1: frame.y(each), y2: frame.y(each) }),
      svg(
        "text",
        { class: "t2 xs", "text-anchor": "end", x: frame.left - 5, y: frame.y(each) + 4 },
        String(each),
      ),
    ]),
    ticks(frame).map((month) => [
      people
        ? null
        : svg("line", {
            class: "grid",
            x1: frame.x(month),
            x2: frame.x(month),
            y1: frame.top,
            y2: frame.base,
          }),
      svg("line", {
        class: "axis",
        x1: frame.x(month),
        x2: frame.x(month),
        y1: frame.base,
        y2: frame.base + 4,
      }),
      svg(
        "text",
        { class: "t2 xs", "text-anchor": "middle", x: frame.x(month), y: frame.base + 16 },
        String(month),
      ),
    ]),
    svg("line", { class: "axis", x1: frame.left, x2: frame.right, y1: frame.base, y2: frame.base }),
  );
}

function ticks({ last, left, right }) {
  const step = [6, 12, 24, 36, 48].find((months) => (months * (right - left)) / last >= 34) ?? 60;
  const found = [];
  for (let month = 0; month <= last; month += step) found.push(month);
  return found;
}

/** A path through (month, people) pairs. */
export function pathOf(frame, months, people) {
  return months
    .map((month, at) => `${at ? "L" : "M"}${round(frame.x(month))} ${round(frame.y(people[at]))}`)
    .join("");
}

/** A closed shape between two rows of people. */
export function areaOf(frame, months, low, high) {
  const back = months.map((_, at) => months.length - 1 - at);
  const down = back.map((at) => `L${round(frame.x(months[at]))} ${round(frame.y(low[at]))}`).join("");
  return `${pathOf(frame, months, high)}${down}Z`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

/** The drawing itself, named by its sentence. */
export function picture(width, height, sentence, ...shapes) {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return svg(
    "svg",
    { class: "lanes plot", role: "img", "aria-label": sentence.replaceAll("**", ""), ...size },
    shapes,
  );
}
