// Script-concordance items: a line that is thought of, a finding, five buttons; once one is pressed, what the rules say before and after.
import { count, h, sendButton, tag } from "./dom.js";

/** The items of the open decision; `statement` draws a sentence with its source. */
export function drawItems(items, statement) {
  if (!items.length) return null;
  return h(
    "section",
    { class: "case-items", "aria-label": "If you then find", "data-key": "items" },
    h("h3", {}, "If you then find … ", h("span", { class: "sub s" }, "each is a what-if of this day, beside the story; your first answer stays, nothing is scored")),
    items.map((item) => drawItem(item, statement)),
  );
}

function drawItem(item, statement) {
  const { id, thinking, finding, own } = item;
  return h(
    "article",
    { class: "case-item", "data-key": id, "aria-label": `If you were thinking of ${thinking}` },
    h("p", {}, "If you were thinking of ", h("b", {}, thinking), ", and then you find:"),
    h("p", { class: "case-finding" }, finding),
    h("p", { class: "s" }, `${thinking} becomes`),
    drawScale(item),
    own ? [h("p", {}, h("span", { class: "k" }, "You said "), `${item.own_label} (${own}).`), drawPlaces(item, statement), drawSpread(item.votes)] : null,
  );
}

// What was pressed keeps its place and the focus; it only stops doing anything.
function drawScale({ id, thinking, scale, own }) {
  const one = ({ point, label }) =>
    sendButton([h("b", {}, point), ` ${label}`], own ? null : { type: "case-rate", item: id, point }, {
      disabled: null,
      "aria-disabled": own ? "true" : null,
      "aria-pressed": own ? String(own === point) : null,
      "data-key": `${id}${point}`,
    });
  return h("div", { class: "flips case-scale", role: "group", "aria-label": `${thinking} becomes` }, scale.map(one));
}

/** Where the rules put a line before a finding and with it, and which of their reasons changed. */
export function drawPlaces({ before, after, moved, came, went }, statement) {
  const place = (when, { word, kind, text, reasons }) =>
    h("p", {}, h("span", { class: "k" }, `${when} `), tag(word, kind), text ? ` ${text}.` : null, reasons.map((each) => [" ", statement(each)]));
  const changed = (word, { shown, more }) =>
    shown.length
      ? [
          h("p", { class: "k" }, word),
          h("ul", {}, shown.map((each) => h("li", {}, statement(each))), more ? h("li", {}, `and ${count(more, "more reason")}`) : null),
        ]
      : null;
  return h(
    "div",
    { class: "case-places", "data-key": "places" },
    place("Before", before),
    place("With the finding", after),
    h("p", {}, h("b", {}, moved)),
    changed("Holds with the finding alone", came),
    changed("Holds no longer", went),
    h("p", { class: "sub s" }, "Rules say what opens, closes or moves; how much a finding weighs they leave to you."),
  );
}

function drawSpread({ text, panels }) {
  if (!panels.length) return text ? h("p", { class: "sub s", "data-key": "spread" }, text) : null;
  const row = ({ point, name, votes, credit, reason, own }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, `${point} ${name}`, own ? h("b", {}, " (yours)") : null),
      h("td", { class: "num" }, votes),
      h("td", { class: "num" }, credit),
      h("td", {}, reason),
    );
  const one = ({ name, date, rows }) =>
    h(
      "div",
      { class: "case-votes", "data-key": `spread-${name}` },
      h(
        "table",
        {},
        h("caption", {}, `Panel: ${name}, ${date}`),
        h("thead", {}, h("tr", {}, ["Becomes", "Votes", "Of the most frequent", "Reason"].map((each) => h("th", { scope: "col" }, each)))),
        h("tbody", {}, rows.map(row)),
      ),
      h("p", { class: "sub s" }, "In a script-concordance test a point earns its votes over those of the most frequent one; so several can be right."),
    );
  return panels.map(one);
}
