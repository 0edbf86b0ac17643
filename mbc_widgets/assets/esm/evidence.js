// The trials behind the options, as a table that can be narrowed; a recalled figure says so.
import { bold, doButton, h, link, swatch, tag } from "./dom.js";
import { drawForest } from "./forest.js";

const ROWS = 12;
const ROWS_ON_PHONE = 4;

/** The table with its filter; the filter belongs to the reader, not to the page. */
export function drawEvidence(view) {
  const { evidence } = view.page;
  if (!evidence?.rows?.length) return null;
  const wanted = view.state.filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = evidence.rows.filter((row) => matches(row, wanted));
  const all = view.state.all.has("evidence");
  const most = view.size === "phone" ? ROWS_ON_PHONE : ROWS;
  const shown = all ? found : found.slice(0, most);
  return h(
    "section",
    { class: "evidence", "data-mbc": "evidence", "aria-label": "Evidence" },
    h("div", { class: "section-head" }, h("h2", {}, "Evidence"), filterBox(view)),
    evidence.sentence ? h("p", { class: "sub" }, bold(evidence.sentence)) : null,
    h(
      "p",
      { class: "sub s", role: "status" },
      `${found.length} of ${evidence.rows.length} results`,
    ),
    drawForest(view, found),
    found.length
      ? table(view, evidence.columns, shown)
      : h("p", { class: "empty" }, "No result has all these words."),
    found.length > most
      ? doButton(all ? `Show the first ${most}` : `Show all ${found.length}`, "all", {
          "data-value": "evidence",
          class: "more",
          "aria-expanded": String(all),
        })
      : null,
  );
}

function matches(row, wanted) {
  const text = Object.values(row).filter((each) => typeof each === "string").join(" ").toLowerCase();
  return wanted.every((word) => text.includes(word));
}

function filterBox(view) {
  return h(
    "label",
    { class: "filter s" },
    "Show results with ",
    h("input", {
      type: "search",
      "data-filter": true,
      value: view.state.filter,
      placeholder: "trial, drug, endpoint, fits …",
    }),
  );
}

function table(view, columns, rows) {
  const label = { role: "region", "aria-label": "Evidence table", tabindex: 0 };
  return h(
    "div",
    { class: "scroller", ...(view.size === "phone" ? {} : label) },
    h(
      "table",
      { class: view.size === "phone" ? "stacked" : "" },
      h("caption", { class: "hide" }, "Trial results behind the options"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map(({ id, label: words }) =>
            h("th", { scope: "col", class: `col-${id}` }, words),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            columns.map((column) => cell(row, column)),
          ),
        ),
      ),
    ),
  );
}

function cell(row, { id, label }) {
  const attributes = { class: `col-${id}`, "data-label": label };
  if (id === "source") return h("td", attributes, link(row.source, row.url), seen(row));
  if (id === "fit") return h("td", attributes, row.fit ? tag(row.fit, "fit") : "");
  if (id === "trial")
    return h("td", attributes, row.palette ? swatch(row.palette) : null, h("b", {}, row.trial));
  return h("td", attributes, row[id] ?? "");
}

function seen(row) {
  if (row.verified === undefined || row.verified === null) return null;
  const checked = row.verified === true || row.verified === "seen";
  return [" ", checked ? tag("seen", "ok") : tag("recalled", "warn")];
}
