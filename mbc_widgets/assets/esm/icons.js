// A hundred people at one month: a circle each, with the number of the line in it, so that colour is never alone.
import { picture } from "./axes.js";
import { doButton, h, paletteClass, svg, swatch } from "./dom.js";
import { monthOf } from "./picks.js";

const SIDE = 10;
const CELL = 24;

/** The month as a slider, a select, and the month before and after. */
export function drawMonth(view) {
  const { months } = view.state.shown;
  const at = monthOf(view);
  const id = `${view.uid}-month`;
  return h(
    "div",
    { class: "month-picker", "data-key": "month" },
    h("b", { class: "print-only" }, `Month ${months[at]}`),
    h("label", { class: "s", for: id }, "Month"),
    doButton("‹", "step", {
      "data-value": -1,
      "aria-label": "Earlier month",
      disabled: at === 0,
      "data-key": "month-before",
    }),
    h(
      "select",
      { id, "data-pick": "month" },
      months.map((month, index) => h("option", { value: index, selected: index === at }, `${month}`)),
    ),
    doButton("›", "step", {
      "data-value": 1,
      "aria-label": "Later month",
      disabled: at === months.length - 1,
      "data-key": "month-after",
    }),
    h("input", {
      type: "range",
      "data-pick": "month",
      "data-key": "month-slider",
      min: 0,
      max: months.length - 1,
      step: 1,
      value: at,
      "aria-label": "Month, slider",
      "aria-valuetext": `month ${months[at]}`,
    }),
  );
}

/** Where 100 people are by one sequence at the month. */
export function drawPeople(view, lane) {
  const { months } = view.state.shown;
  const row = lane.occupancy.table.rows[monthOf(view)].slice(1);
  const kinds = [
    ...lane.lines.map((line) => ({
      ...line,
      word: `${line.number} ${line.called}`,
      mark: String(line.number),
    })),
    { palette: "bsc", word: "supportive care", mark: "s" },
    { dead: true, word: "died", mark: "" },
  ].map((kind, at) => ({ ...kind, count: row[at] }));
  return drawIcons(kinds, `Sequence ${lane.letter}, month ${months[monthOf(view)]}`);
}

/** The same 100 people by two sequences. */
export function drawPair(view, pair, letters) {
  const { months } = view.state.shown;
  const row = pair.table.rows[monthOf(view)].slice(1);
  const [one, two] = letters;
  const kinds = [
    { both: true, word: `alive by both`, mark: `${one}${two}` },
    { only: true, word: `alive only by ${one}`, mark: one },
    { only: true, word: `alive only by ${two}`, mark: two },
    { dead: true, word: "by neither", mark: "" },
  ].map((kind, at) => ({ ...kind, count: row[at] }));
  return drawIcons(kinds, `${one} and ${two}, month ${months[monthOf(view)]}`);
}

function drawIcons(kinds, title) {
  const told = kinds.filter(({ count }) => count).map(({ count, word }) => `${count} ${word}`);
  const people = kinds.flatMap((kind) => Array.from({ length: kind.count }, () => kind));
  const sentence = `${title}: of 100 people ${told.join(", ")}.`;
  return h(
    "div",
    { class: "icon-box" },
    picture(SIDE * CELL, SIDE * CELL, sentence, people.map(drawPerson)),
    h("ul", { class: "icon-key s" }, kinds.filter(({ count }) => count).map(keyEntry)),
  );
}

function drawPerson(kind, at) {
  const [x, y] = [(at % SIDE) * CELL + CELL / 2, Math.floor(at / SIDE) * CELL + CELL / 2];
  const name = [
    "person",
    kind.palette && paletteClass(kind.palette),
    kind.dead && "gone",
    kind.both && "both",
    kind.only && "only",
  ];
  return svg(
    "g",
    { class: name.filter(Boolean).join(" ") },
    svg("circle", { cx: x, cy: y, r: kind.dead ? 4.5 : 10 }),
    kind.mark ? svg("text", { class: "xs b", "text-anchor": "middle", x, y: y + 4 }, kind.mark) : null,
  );
}

function keyEntry({ count, word, palette, dead }) {
  return h(
    "li",
    {},
    palette ? swatch(palette) : h("i", { class: `swatch ${dead ? "gone" : "both"}`, "aria-hidden": "true" }),
    h("b", { class: "num" }, String(count)),
    ` ${word}`,
  );
}
