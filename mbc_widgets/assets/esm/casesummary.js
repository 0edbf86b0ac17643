// The end of a case: path, commitments, reasons and feedback on one printable page, with the result code.
import { drawPlaces } from "./caseitems.js";
import { doButton, h, sendButton, tag } from "./dom.js";
import { statement } from "./feedback.js";

/** The summary of a finished case. */
export function drawSummary(view) {
  const { open } = view.page.case;
  const { rows, calibration } = open.summary;
  return h(
    "section",
    { class: "case-summary", "aria-label": "Your summary", "data-key": "summary" },
    h("h2", {}, "Your summary ", h("span", { class: "sub s" }, "first answers; nothing is scored")),
    h("div", { class: "case-result" },
      h("p", {}, h("code", { class: "code case-code" }, open.code), h("span", { class: "sub s" }, " your result code: choices, confidence, departures and points; no words of yours, no account")),
      h("p", {}, doButton("Print", "print", { "data-key": "print" }), " ", sendButton("Start it again", { type: "case-open", id: open.id }, { "data-key": "again" })),
    ),
    h("h3", {}, "How sure, and how it turned out"),
    h("ul", { class: "case-calibration" }, calibration.map((each) => h("li", {}, each))),
    rows.map(drawRow),
    h("h3", {}, "What this case was for"),
    h("ul", { class: "case-calibration" }, open.objectives.map((each) => h("li", {}, each))),
  );
}

function drawRow(row) {
  const points = (kind, look) =>
    row.points[kind].length
      ? h("p", {}, tag(kind, look), " ", row.points[kind].join("; "), ".")
      : null;
  return h(
    "article",
    { class: "case-row", "data-key": `row-${row.number}` },
    h("h3", {}, `${row.number}. ${row.title} `, h("span", { class: "sub s" }, row.day)),
    h("p", {}, h("b", {}, row.choice), " ", tag(row.standing.word, row.standing.kind), h("span", { class: "sub" }, ` ${row.sure}`)),
    h("p", {}, h("span", { class: "k" }, "Because "), `“${row.reason}”`),
    row.changed ? h("p", {}, h("span", { class: "k" }, "Changed to "), row.changed, ".") : null,
    row.deviation ? h("p", {}, h("span", { class: "k" }, "You departed from the list for "), row.deviation, ".") : null,
    points("used", "ok"),
    points("missed", "ask"),
    points("open", "fit"),
    row.items.map(drawItem),
    h("p", { class: "sub" }, `In the story: ${row.then}`),
  );
}

function drawItem(item) {
  return h(
    "section",
    { class: "case-item", "data-key": item.id, "aria-label": `If you were thinking of ${item.thinking}` },
    h("p", {}, "If you were thinking of ", h("b", {}, item.thinking), `, and then found: ${item.finding} `),
    h("p", {}, h("span", { class: "k" }, "It becomes "), `${item.own_label} (${item.own}).`),
    drawPlaces(item, statement),
  );
}
