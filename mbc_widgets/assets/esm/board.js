// The sequence board: title, controls, legend, drawing, foot note, and the table of the same rows.
import { drawOpenCard } from "./card.js";
import { bold, doButton, h, svg, swatch } from "./dom.js";
import { NARROWEST, drawLanes, hatches } from "./lanes.js";
import { boardOf, drawPins } from "./pins.js";
import { drawStrips } from "./strips.js";

/** The whole board; `view.width` decides between the drawing and the lists. */
export function drawBoard(view) {
  const board = boardOf(view);
  if (!board) return null;
  return h(
    "section",
    { class: "board", "data-mbc": "board", "aria-label": "Sequence board" },
    hatches(view.uid),
    head(view),
    board.lanes.length ? legend(view) : null,
    board.sentence ? h("p", { class: "hide" }, bold(board.sentence)) : null,
    h("div", { class: "board-drawing", "data-measure": true }, drawing(view)),
    drawPins(view),
    board.foot ? h("p", { class: "foot" }, bold(board.foot)) : null,
    view.state.table && board.table ? boardTable(board.table, board.axis?.spoken) : null,
    view.state.python && board.python ? pythonLines(board.python) : null,
    view.whole ? null : drawOpenCard(view),
  );
}

function drawing(view) {
  if (!boardOf(view).lanes.length)
    return h("p", { class: "empty" }, "No sequence could be drawn for this patient.");
  return view.width >= NARROWEST ? drawLanes(view) : drawStrips(view);
}

function head(view) {
  const board = boardOf(view);
  const { table, python } = view.state;
  return h(
    "div",
    { class: "board-head" },
    h("h2", {}, board.title),
    board.align?.length > 1 ? align(board) : null,
    h(
      "span",
      { class: "board-tools" },
      board.table
        ? doButton(table ? "Hide table" : "Table", "table", {
            "aria-expanded": String(Boolean(table)),
          })
        : null,
      board.python
        ? doButton(python ? "Hide Python" : "Copy as Python", "python", { "aria-expanded": String(Boolean(python)) })
        : null,
    ),
  );
}

function align(board) {
  const one = ({ id, label }) => h("option", { value: id, selected: id === board.aligned }, label);
  return h(
    "label",
    { class: "align s sub" },
    "Align lanes at ",
    h("select", { "data-choose": "align", "data-part": "to", "data-key": "align" }, board.align.map(one)),
  );
}

function legend(view) {
  const small = (width, ...shapes) =>
    svg("svg", { class: "lanes sample", width, height: 14, "aria-hidden": "true" }, shapes);
  const entry = (sample, words) => h("span", {}, sample, words);
  const hatch = svg(
    "g",
    { class: "bar c-chemo loose" },
    svg("rect", {
      class: "body",
      x: 1,
      y: 1,
      width: 24,
      height: 12,
      fill: `url(#${view.uid}-chemo)`,
    }),
  );
  const supposed = boardOf(view).lanes.some((lane) => lane.bars.some((bar) => bar.assumed?.length));
  const whisker = [
    svg("path", { class: "ink", d: "M2 3.5v7M2 7h24M26 3.5v7" }),
    svg("circle", { class: "dot", cx: 14, cy: 7, r: 2.8 }),
  ];
  const diamond = (x, done) =>
    svg("path", { class: `dia${done ? " done" : ""}`, d: `M${x} 1l6 6l-6 6l-6 -6z` });
  return h(
    "div",
    { class: "legend" },
    (boardOf(view).legend ?? []).map(({ palette, label }) => entry(swatch(palette), label)),
    entry(small(26, hatch), supposed ? "trial does not match, no figure, or an assumption" : "trial does not match, or no figure"),
    entry(small(28, whisker), "median, 95 % CI"),
    entry(small(10, svg("circle", { class: "open", cx: 5, cy: 7, r: 3 })), "no interval"),
    entry(small(30, diamond(7, true), diamond(22, false)), "test done, test point"),
  );
}

function boardTable({ columns, rows }, spoken) {
  return h(
    "div",
    { class: "scroller", role: "region", "aria-label": "The board as a table", tabindex: 0 },
    h(
      "table",
      {},
      h("caption", { class: "hide" }, `The sequences of the board, one line of treatment per row${spoken ? `, ${spoken}` : ""}`),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell) => h("td", {}, cell ?? "")),
          ),
        ),
      ),
    ),
  );
}

function pythonLines(text) {
  return h(
    "div",
    { class: "python" },
    h("p", { class: "s sub" }, "The same page in a notebook; copied when the browser allows it."),
    h("pre", { tabindex: 0, "aria-label": "Python lines" }, text),
  );
}
