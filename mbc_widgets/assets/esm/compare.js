// Compare: the difference in sentences, the two sides, three clocks, what is offered on which side, what did it, both boards.
import { drawBoard } from "./board.js";
import { drawOpenCard } from "./card.js";
import { drawClocks } from "./clocks.js";
import { bold, doButton, h, link, sendButton, swatch } from "./dom.js";
import { drawTable } from "./figure.js";
import { hatches } from "./lanes.js";

/** The whole mode; `notices` are what is wrong with the input. */
export function drawCompare(view, notices) {
  const { page, state } = view;
  const { compare } = page;
  if (!compare) return h("main", { class: "main", id: `${view.uid}-main`, tabindex: -1 }, notices);
  const [first, second] = compare.sides;
  return h(
    "main",
    { class: "main compare", id: `${view.uid}-main`, tabindex: -1, "aria-busy": String(state.busy) },
    hatches(view.uid),
    notices,
    h("p", { class: "sentence", role: "status", "aria-live": "polite" }, bold(compare.sentence)),
    h("div", { class: "sides" }, chooser(view, first), chooser(view, second), between(view)),
    checks(compare),
    drawClocks(view, compare.clocks),
    columns(view, compare),
    patientTable(compare.patient),
    h("p", { class: "s told lanes-told" }, bold(compare.lanes)),
    drawBoard(view),
    drawOpenCard(view),
    h(
      "footer",
      { class: "limits s sub" },
      h("p", {}, "This workbook teaches. It does not advise on the care of a person, and neither side is called the right one."),
    ),
  );
}

/** In Study: the way to the same patient on the day of the review. */
export function drawThenAndNow(view) {
  if (!view.page.board) return null;
  return h(
    "section",
    { class: "then-and-now", "data-mbc": "then-and-now", "data-key": "then-and-now", "aria-label": "Then and now" },
    h("h2", {}, "Then and now"),
    h("p", { class: "s sub" }, "This patient on the day of the review that the workbook starts from, and on this day: what opened, what closed, and which trial or label did it."),
    sendButton("Compare then and now", { type: "then_and_now" }, { "data-key": "open-then" }),
  );
}

// ---- the sides

const ASKS = {
  this: { day: "day", regulator: "regulator", patient: "scenario" },
  other: { day: "other_day", regulator: "other_regulator", patient: "other_patient" },
};

function chooser(view, side) {
  const asks = ASKS[side.role];
  const name = side.role === "this" ? "This side" : "Other side";
  return h(
    "section",
    { class: "side-chooser", "data-key": `side-${side.role}`, "aria-label": `${name}: ${side.label}` },
    h("h2", {}, side.label, " ", h("span", { class: "sub s" }, side.role === "this" ? "as in Study" : "the other side")),
    h(
      "div",
      { class: "side-controls" },
      patientSelect(view, side, asks),
      daySteps(side, asks, name),
      h(
        "span",
        { class: "segment", role: "group", "aria-label": `Regulator, ${name.toLowerCase()}` },
        (view.page.regulators ?? []).map((regulator) =>
          sendButton(regulator, { type: asks.regulator, regulator }, { "aria-pressed": String(regulator === side.regulator), "data-key": `${side.role}-${regulator}` }),
        ),
      ),
    ),
    h("p", { class: "s" }, side.patient.join("; ")),
    side.body ? h("p", { class: "s sub" }, `Guidelines of ${side.body} alone`) : null,
  );
}

function patientSelect({ page }, side, asks) {
  const { compare } = page;
  const other = side.role === "other";
  const chosen = other ? compare.source : page.scenario;
  const extra = other
    ? [{ id: "", title: "The same patient" }, ...(compare.pinned ? [{ id: "pinned", title: compare.pinned.label }] : []), ...(compare.left ? [{ id: "left", title: compare.left.label }] : [])]
    : (page.scenarios ?? []).some(({ id }) => id === chosen) ? [] : [{ id: "", title: "own patient" }];
  const one = ({ id, title }) => h("option", { value: id, selected: id === chosen }, title);
  return h(
    "select",
    { "aria-label": `Patient, ${other ? "other" : "this"} side`, "data-choose": asks.patient, "data-part": "id", "data-key": `${side.role}-patient` },
    [...extra, ...(page.scenarios ?? [])].map(one),
  );
}

function daySteps({ role, day, day_label: label, days }, asks, name) {
  const before = days.filter((each) => each.day < day).at(-1);
  const after = days.find((each) => each.day > day);
  const step = (sign, word, target, key) => {
    const says = `${word}, ${name.toLowerCase()}${target ? `: ${target.label}, ${target.what}` : ": none"}`;
    return sendButton(sign, target ? { type: asks.day, day: target.day } : null, { "aria-label": says, title: says, "data-key": `${role}-${key}` });
  };
  const known = days.some((each) => each.day === day);
  return h(
    "div",
    { class: "day" },
    step("‹", "Previous change", before, "day-before"),
    h(
      "select",
      { "aria-label": `Day, ${name.toLowerCase()}`, "data-choose": asks.day, "data-part": "day", "data-key": `${role}-day` },
      known ? null : h("option", { value: day, selected: true }, label),
      [...days].reverse().map((each) => h("option", { value: each.day, selected: each.day === day }, `${each.label}: ${each.what}`)),
    ),
    step("›", "Next change", after, "day-after"),
  );
}

function between({ page }) {
  const { compare } = page;
  const other = (page.regulators ?? []).find((name) => name !== page.regulator);
  return h(
    "div",
    { class: "between" },
    sendButton("Swap sides", { type: "swap" }, { "data-key": "swap" }),
    h("span", { class: "s sub" }, "Compare with"),
    sendButton("Then and now", { type: "then_and_now" }, { "data-key": "then", "aria-label": "Compare then and now" }),
    other ? sendButton(`Same day, ${other}`, { type: "other_regulator_only", regulator: other }, { "data-key": "other-regulator" }) : null,
    compare.pinned ? sendButton("What is pinned", { type: "other_patient", id: "pinned" }, { "data-key": "other-pinned" }) : null,
    sendButton("Open the other side in Study", { type: "open_other" }, { "data-key": "open-other" }),
  );
}

function checks({ sides }) {
  const list = [...new Map(sides.flatMap((side) => side.checks).map((each) => [each.text, each])).values()];
  if (!list.length) return null;
  return h(
    "section",
    { class: "checks s", "aria-label": "To check" },
    list.map(({ text, therapy }) =>
      h(
        "p",
        {},
        h("span", { class: "tag warn" }, "check"),
        " ",
        bold(text),
        therapy ? [" ", sendButton("Edit prior therapy", { type: "mode", to: "study" }, { "aria-label": `Edit prior therapy with ${therapy} in Study` })] : null,
      ),
    ),
  );
}

// ---- what is offered where, and what did it

const FIRST = { alone: 10, "needs-test": 4, "not-now": 4, "not-yet": 4, withdrawn: 3, both: 8 };

function columns(view, compare) {
  const [first, second] = compare.sides;
  return h(
    "div",
    { class: "compare-columns" },
    sideColumn(view, first),
    h(
      "section",
      { class: "compare-column", "aria-label": "In both" },
      h("h2", {}, "In both ", h("span", { class: "sub s" }, compare.both.length ? "place in the order of each side" : "")),
      compare.both.length ? list(view, { id: "both", label: "Offered on both sides", items: compare.both }, "both") : h("p", { class: "empty" }, "Nothing is offered on both sides."),
      whatDidIt(compare.causes),
      compare.table.rows.length ? standing(view, compare.table) : null,
    ),
    sideColumn(view, second),
  );
}

function sideColumn(view, side) {
  return h(
    "section",
    { class: "compare-column", "data-key": `column-${side.role}`, "aria-label": side.label },
    h("h2", {}, side.label, " ", h("span", { class: "sub s" }, `${side.offered} offered`)),
    side.groups.map((group) => list(view, group, side.role)),
  );
}

function list(view, { id, label, items }, place) {
  const key = `compare-${place}-${id}`;
  const all = view.printing || view.state.all.has(key);
  const most = FIRST[id] ?? 5;
  const one = ({ id: regimen, name, palette, note }) =>
    h("li", { "data-key": `${key}-${regimen}` }, swatch(palette), h("span", {}, h("b", {}, name), note ? ` ${note}` : ""));
  return h(
    "div",
    { class: "compare-list", "data-key": key },
    h("h3", {}, label, items.length > most ? ` (${items.length})` : ""),
    h("ul", {}, (all ? items : items.slice(0, most)).map(one)),
    items.length > most
      ? doButton(all ? "Show fewer" : `Show all ${items.length}`, "all", { "data-value": key, "data-key": `${key}-more`, "aria-expanded": String(all), "aria-label": `${all ? "Show fewer" : `Show all ${items.length}`}: ${label}`, class: "quiet" })
      : null,
  );
}

function whatDidIt({ columns: heads, rows, note }) {
  if (!rows.length) return null;
  const one = ({ day, what, effect, source, url }) =>
    h("tr", {}, h("td", { "data-label": heads[0], class: "num" }, day), h("td", { "data-label": heads[1], title: source }, link(what, url)), h("td", { "data-label": heads[2] }, effect));
  return h(
    "div",
    { class: "did-it", "data-mbc": "causes" },
    h("h3", {}, "What did it"),
    h(
      "div",
      { class: "scroller", role: "region", "aria-label": "What did it, as a table", tabindex: 0 },
      h("table", { class: "stacked" }, h("thead", {}, h("tr", {}, heads.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, rows.map(one))),
    ),
    h("p", { class: "xs sub" }, note),
  );
}

function standing(view, table) {
  const open = view.state.all.has("table-compare");
  const title = "Every option that stands otherwise on the two sides";
  return h(
    "div",
    {},
    doButton(open ? "Hide table" : "Table of all options that differ", "all", { "data-value": "table-compare", "data-key": "table-compare", "aria-expanded": String(open) }),
    open ? drawTable({ title, table }) : null,
  );
}

function patientTable({ columns: heads, rows }) {
  if (!rows.length) return null;
  return h("section", { class: "patients", "aria-label": "What differs in the patients" }, h("h2", {}, "The patients differ in"), drawTable({ title: "What differs in the patients", table: { columns: heads, rows } }));
}
