// The frame of an outcome picture: a panel for each sequence, sentences, notes, the table of the same rows, the limits.
import { bold, doButton, h } from "./dom.js";
import { drawFold, hasCome } from "./folds.js";

/** One picture in its fold; `draw()` gives {panels, legend, head, wide, after}, panels as {figure, letter, label, body}. */
export function drawFigure(place, spec, draw) {
  const { view } = place;
  return drawFold(view, spec, () =>
    hasCome(place, spec.id)
      ? drawBody(view, spec, draw())
      : h("p", { class: "placeholder sub", "aria-busy": "true" }, "Drawing …"),
  );
}

function drawBody(view, { id, title }, { panels, legend, head, wide, after }) {
  const key = `table-${id}`;
  const open = view.state.all.has(key);
  const figures = panels.map(({ figure }) => figure).filter(Boolean); // their notes are told once
  return [
    doButton(open ? "Hide table" : "Table", "all", {
      class: "table-button",
      "data-value": key,
      "aria-expanded": String(open),
      "aria-label": `${open ? "Hide table" : "Table"}: ${title}`,
    }),
    head ?? null,
    legend ?? null,
    h("div", { class: `panels${panels.length > 1 && !wide ? " two" : ""}` }, panels.map(drawPanel)),
    notes(figures),
    after ?? null,
    open ? figures.map((figure) => drawTable({ ...figure, title: titleIn(title, figure) })) : null,
    h("p", { class: "xs sub limits-note" }, view.state.shown.limits),
  ];
}

// Two pictures may show the same rows: their tables are told apart by the picture they stand under.
function titleIn(picture, { title }) {
  return title.startsWith(picture) ? title : `${picture}: ${title}`;
}

function drawPanel({ letter, label, body, figure }) {
  return h(
    "div",
    { class: "panel", "data-key": letter ?? "panel" },
    letter ? h("h4", {}, h("b", {}, letter), label ? ` ${label}` : "") : null,
    body,
    figure?.sentence ? h("p", { class: "s told" }, bold(figure.sentence)) : null,
  );
}

/** The notes of several pictures, each once. */
export function notes(figures) {
  const all = [...new Set(figures.flatMap((figure) => figure.notes ?? []))];
  return all.length
    ? h(
        "ul",
        { class: "notes s sub" },
        all.map((note) => h("li", {}, note)),
      )
    : null;
}

/** The rows of a picture as a table. */
export function drawTable({ title, table }) {
  return h(
    "div",
    {
      class: "scroller figure-table",
      role: "region",
      "aria-label": `Table: ${title}`,
      tabindex: 0,
      "data-key": title,
    },
    h(
      "table",
      {},
      h("caption", {}, title),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          table.columns.map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        table.rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell) => h("td", {}, String(cell ?? ""))),
          ),
        ),
      ),
    ),
  );
}
