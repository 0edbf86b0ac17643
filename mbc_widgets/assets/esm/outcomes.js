// The outcomes: which sequences, what may be said of two, and the pictures. They come after the page; until then it says so.
import { drawCurves, drawLegend } from "./curves.js";
import { bold, doButton, h } from "./dom.js";
import { drawFigure, drawTable, notes } from "./figure.js";
import { drawHarms } from "./harms.js";
import { drawMonth, drawPair, drawPeople } from "./icons.js";
import { hatches } from "./lanes.js";
import { lettersOf } from "./picks.js";
import { drawQuality } from "./quality.js";
import { drawClinic, drawReach } from "./reach.js";
import { drawStacked } from "./stacked.js";
import { drawSwimmer } from "./swimmer.js";

const GAP = 28;
const SIDE_BY_SIDE = 720; // px from which two panels stand beside one another
const WIDEST = 760;

/** The section, which can be drawn again by itself; it keeps the last pictures while newer ones are worked out. */
export function drawOutcomes(view) {
  const { outcomes, state } = view;
  view.parts.outcomes = () => drawOutcomes(view);
  view.settled.add("outcomes");
  if (outcomes?.state === "ready") state.shown = outcomes;
  const waiting = outcomes?.state !== "ready" && outcomes?.state !== "failed";
  return h(
    "section",
    {
      class: "outcomes",
      "data-mbc": "outcomes",
      "data-key": "outcomes",
      "aria-label": "Outcomes",
      "aria-busy": String(waiting),
      "data-request": state.shown?.request,
    },
    view.whole ? null : hatches(view.uid),
    h(
      "div",
      { class: "section-head" },
      h("h2", {}, "Outcomes: a simulation of people like this one"),
      h("span", { class: "simulating s" }, waiting ? "simulating …" : ""),
    ),
    h("p", { class: "hide", role: "status" }, announced(view, waiting)),
    h("div", { class: "outcomes-body", "data-measure": view.whole ? null : true }, body(view, waiting)),
  );
}

function body(view, waiting) {
  const { outcomes, state } = view;
  if (outcomes?.state === "failed") return h("p", { class: "notice no" }, outcomes.text);
  if (!state.shown)
    return h("p", { class: "placeholder sub" }, waiting ? "Simulating the sequences of the board …" : "");
  if (!state.shown.lanes.length)
    return h("p", { class: "empty" }, state.shown.withheld || "There is no sequence to simulate.");
  return drawShown(view);
}

// Told once, when all is there: the change itself was told by the page.
function announced({ state, bands }, waiting) {
  const { shown } = state;
  if (waiting || !shown?.lanes.length || bands?.request !== shown.request || bands.state !== "ready")
    return "";
  const verdict = bands.verdict ? ` ${bands.verdict.title}.` : "";
  return `Outcomes of ${bands.chosen.join(" and ")} simulated.${verdict}`;
}

// The pictures are those of the sequences that Python has sent, also while others are already picked.
function drawShown(view) {
  const { shown } = view.state;
  const letters = shown.chosen;
  const lanes = letters.map((letter) => shown.lanes.find((lane) => lane.letter === letter)).filter(Boolean);
  const bands = view.bands?.request === shown.request ? view.bands : {};
  const two = lanes.length > 1 && view.width >= SIDE_BY_SIDE;
  const width = Math.min(WIDEST, Math.floor(two ? (view.width - GAP) / 2 : view.width));
  const place = { view, shown, lanes, letters, bands, sure: sureOf(view, bands), width };
  return [pickers(place), verdict(place), remarks(place), h("div", { class: "folds", "data-key": "folds" }, FIGURES.map((draw) => draw(place)))];
}

// The bands of every sequence of this request that were drawn so far: one that stays when another is chosen keeps its own.
function sureOf({ state }, { state: ready, lanes }) {
  const { request } = state.shown;
  if (state.sure?.request !== request) state.sure = { request, lanes: {} };
  if (ready === "ready") Object.assign(state.sure.lanes, lanes);
  return state.sure.lanes;
}

function pickers({ view, shown }) {
  const letters = lettersOf(view);
  const select = (place, label, picked, empty) =>
    h(
      "label",
      { class: "s" },
      `${label} `,
      h(
        "select",
        { "data-pick": place, "data-key": `pick-${place}` },
        empty ? h("option", { value: "", selected: !picked }, empty) : null,
        shown.lanes.map(({ letter, label: words }) =>
          letter === letters[0] && place === "second"
            ? null
            : h("option", { value: letter, selected: letter === picked }, `${letter} ${words}`),
        ),
      ),
    );
  return h(
    "div",
    { class: "pickers", "data-key": "pickers" },
    select("first", "Sequence", letters[0]),
    shown.lanes.length > 1 ? select("second", "beside", letters[1] ?? "", "none") : null,
    h(
      "span",
      { class: "sub s" },
      `${shown.size.toLocaleString("en")} people on each, the same in all; months from the start of the first line shown. ${shown.running ?? ""}`,
    ),
  );
}

function verdict({ lanes, bands, letters }) {
  if (lanes.length < 2) return null;
  const ready = bands.state === "ready" && bands.chosen.join() === letters.join() && bands.verdict;
  if (!ready && bands.state === "failed") return h("p", { class: "notice no" }, bands.text);
  return h(
    "div",
    { class: "verdict", "data-key": "verdict", "data-mbc": "verdict" },
    h("b", {}, ready ? `${bands.verdict.title}. ` : "How sure? "),
    ready ? bold(bands.verdict.text) : "Drawing the parameters of both sequences …",
  );
}

// What is taken of this patient and what is left out, once for all pictures.
function remarks({ shown }) {
  return shown.remarks.length
    ? h(
        "ul",
        { class: "notes s sub", "data-key": "remarks", "data-mbc": "remarks", "aria-label": "Of this patient" },
        shown.remarks.map((remark) => h("li", {}, remark)),
      )
    : null;
}

function panelsOf({ lanes }, name, draw) {
  return lanes.map((lane) => ({
    letter: lane.letter,
    label: lane.label,
    figure: lane[name],
    body: draw(lane),
  }));
}

function survival(place) {
  const { view, shown, lanes, sure, width } = place;
  const sub = "alive of 100; three kinds of not knowing have three looks";
  return drawFigure(place, { id: "survival", title: "Survival", sub }, () => {
    const withBand = lanes.map((lane) => {
      const band = sure[lane.letter];
      return { ...lane, band, survival: banded(lane.survival, band) };
    });
    return {
      legend: drawLegend(shown.structures),
      panels: panelsOf({ lanes: withBand }, "survival", (lane) =>
        drawCurves(view, lane.survival, shown.months, lane.band, width),
      ),
      after: made(place),
    };
  });
}

// The table and the sentence gain what the parameter draws say.
function banded(figure, band) {
  if (!band) return { ...figure, sentence: `${figure.sentence} The parameters are being drawn …` };
  const { columns, rows } = figure.table;
  const table = {
    columns: [...columns, "95 of 100 parameter draws"],
    rows: rows.map((row, at) => [...row, band.cells[at]]),
  };
  return {
    ...figure,
    table,
    sentence: `${figure.sentence} The parameters leave the median between ${band.median} months.`,
  };
}

// The population line of every trial stands under the curve that was made of it; on a phone it is folded.
function made({ view, lanes }) {
  const open = view.printing || (view.state.open.get("made") ?? view.size !== "phone");
  const title = `What ${lanes.map(({ letter }) => letter).join(" and ")} ${lanes.length > 1 ? "are" : "is"} made of`;
  return h(
    "details",
    { class: "made", "data-key": "made", "data-mbc": "made", "data-fold": "made", open },
    h("summary", { class: "s" }, title),
    h("div", { class: "panels two" }, lanes.map(madeOf)),
    notes(lanes.map(({ sources }) => sources)),
    sourcesTable(view, lanes),
  );
}

function madeOf({ letter, sources }) {
  return h(
    "ol",
    { class: "s", "aria-label": `Medians of ${letter}` },
    sources.table.rows.map(([number, name, trial, endpoint, median]) =>
      h(
        "li",
        {},
        h("b", {}, `${letter}${number} ${name}`),
        ` ${median} mo `,
        h("span", { class: "sub" }, `${trial}; ${endpoint}`),
      ),
    ),
  );
}

function sourcesTable(view, lanes) {
  const open = view.state.all.has("made");
  return [
    doButton(open ? "Hide the table of sources" : "Table of sources", "all", {
      "data-value": "made",
      "aria-expanded": String(open),
    }),
    open ? lanes.map(({ sources }) => drawTable(sources)) : null,
  ];
}

// A figure that is one drawing of each chosen sequence.
function drawn(place, spec, draw) {
  const { view, shown, width } = place;
  return drawFigure(place, spec, () => ({
    panels: panelsOf(place, spec.id, (lane) => draw(view, lane, shown.months, width)),
  }));
}

const occupancy = (place) =>
  drawn(
    place,
    { id: "occupancy", title: "Where 100 people are", sub: "each month adds up to 100" },
    (_, lane, months, width) => drawStacked(lane, months, width),
  );

const swimmer = (place) =>
  drawn(
    place,
    { id: "swimmer", title: "One life among its like", sub: "what differs among the twenty is chance" },
    (view, lane, months, width) => drawSwimmer(view, lane.swimmer, months, width),
  );

const reach = (place) =>
  drawn(
    place,
    { id: "reach", title: "Who reaches each line", sub: "of 100; hatched: die on it" },
    (view, lane, _, width) => drawReach(view, lane.reach, width),
  );

const CLINIC_DAYS = "days of 30 in the clinic, the rest at home; hatched: more in the first two months";
const clinic = (place) =>
  drawn(
    place,
    { id: "clinic", title: "At home and in the clinic", sub: CLINIC_DAYS },
    (view, lane, _, width) => drawClinic(view, lane.clinic, width),
  );

function people(place) {
  const { view, shown, lanes, letters } = place;
  const sub = "a circle for each, by line; the two sequences person by person";
  return drawFigure(place, { id: "people", title: "100 people at one month", sub }, () => {
    const panels = lanes.map((lane) => ({
      letter: lane.letter,
      label: lane.label,
      figure: { ...lane.occupancy, sentence: "", notes: [] },
      body: drawPeople(view, lane),
    }));
    if (lanes.length > 1) {
      const [one, two] = [...letters].sort();
      const figure = shown.pairs[`${one}${two}`];
      panels.push({
        letter: `${one}, ${two}`,
        label: "the same 100 people",
        figure,
        body: drawPair(view, figure, [one, two]),
      });
    }
    return { head: drawMonth(view), panels, wide: true };
  });
}

function harms(place) {
  const { lanes } = place;
  const sub = "percent, any grade (grade 3 or more), v the other arm of the same trial";
  return drawFigure(place, { id: "harms", title: "Harms line by line", sub }, () => {
    const panels = lanes.map((lane) => ({
      figure: lane.harms,
      letter: lane.letter,
      label: lane.label,
      body: null,
    }));
    return { head: drawHarms(lanes), panels };
  });
}

function quality(place) {
  const { shown, lanes, width } = place;
  const sub = "a range by source, no rank";
  return drawFigure(place, { id: "quality", title: "Quality-adjusted months", sub }, () => {
    const months = lanes.flatMap((lane) => lane.quality.marks.map((mark) => mark.months));
    const last = Math.max(1.5 * Math.max(...months), shown.months.at(4) ?? 12);
    const panels = panelsOf(place, "quality", (lane) =>
      drawQuality(lane.quality, width, Math.ceil(last / 12) * 12),
    );
    return { panels };
  });
}

const FIGURES = [survival, occupancy, swimmer, reach, people, clinic, harms, quality];
