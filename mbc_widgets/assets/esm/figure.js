// The frame of an outcome picture: title, a panel for each sequence, sentences, notes, the table of the same rows, the limits.
import { bold, doButton, h } from "./dom.js";

/** One picture; `panels` are {figure, letter, label, body}, of which the notes are told once. */
export function drawFigure(view, { id, title, sub, head, panels, legend, wide, after }) {
  const key = `table-${id}`;
  const open = view.state.all.has(key);
  const figures = panels.map(({ figure }) => figure).filter(Boolean);
  return h(
    "figure",
    { class: `figure figure-${id}`, "data-mbc": `figure-${id}`, "data-key": id, "aria-label": title },
    h(
      "div",
      { class: "figure-head" },
      h("h3", {}, title),
      h("span", { class: "sub s" }, sub ?? ""),
      figures.length
        ? doButton(open ? "Hide table" : "Table", "all", {
            "data-value": key,
            "aria-expanded": String(open),
            "aria-label": `${open ? "Hide table" : "Table"}: ${title}`,
          })
        : null,
    ),
    head ?? null,
    legend ?? null,
    h("div", { class: `panels${panels.length > 1 && !wide ? " two" : ""}` }, panels.map(drawPanel)),
    after ?? null,
    notes(figures),
    open ? figures.map((figure) => drawTable(figure)) : null,
    h("p", { class: "xs sub limits-note" }, view.state.shown.limits),
  );
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

function notes(figures) {
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
