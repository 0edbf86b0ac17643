// The rail: which day, which regulator, whose guidelines, which patient.
import { drawBoardCard } from "./card.js";
import { bold, doButton, h, sendButton, svg, tag } from "./dom.js";
import { drawForm } from "./form.js";

/** Day, regulator, guidelines, scenario and form; on a narrow page the last two fold away under the patient's summary. */
export function drawRail(view) {
  const folded = view.size === "phone" || view.size === "tablet";
  const open = !folded || view.state.rail;
  return h(
    "aside",
    { class: `rail${open ? " open" : ""}`, "aria-label": "Day and patient" },
    drawBoardCard(view),
    drawDay(view),
    folded ? patientSummary(view, open) : null,
    h(
      "div",
      { class: "rail-body", hidden: !open },
      regulator(view),
      bodies(view),
      scenarios(view),
      drawForm(view),
    ),
    folded && open ? news(view.page) : null,
  );
}

// The open form takes the whole of a narrow screen: what a change did is said at its foot too. A reader of the page hears
// it once, from the sentence of the answer.
function news({ sentence, errors }) {
  const text = errors?.length ? errors.map((each) => each.text).join(" ") : sentence;
  return h("p", { class: "news s", "aria-hidden": "true" }, bold(text));
}

function drawDay(view) {
  const { page } = view;
  const days = page.days ?? [];
  const before = days.filter(({ day }) => day < page.day).at(-1);
  const after = days.find(({ day }) => day > page.day);
  return h(
    "div",
    { class: "era" },
    h(
      "div",
      { class: "day" },
      step("‹", "Previous change", before, "day-before"),
      daySelect(page, days),
      step("›", "Next change", after, "day-after"),
    ),
    strip(page, days),
    h(
      "p",
      { class: "xs sub around" },
      around("Last change", days.filter(({ day }) => day <= page.day).at(-1)),
      around("Next", after),
    ),
    anyDay(view),
  );
}

function step(sign, word, target, key) {
  const name = target ? `${word}, ${target.label}: ${target.what}` : `${word}: none`;
  return sendButton(sign, target ? { type: "day", day: target.day } : null, {
    "aria-label": name,
    title: name,
    "data-key": key,
  });
}

function daySelect(page, days) {
  const known = days.some(({ day }) => day === page.day);
  const years = new Map();
  for (const each of [...days].reverse()) {
    const year = each.day.slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), each]);
  }
  const one = ({ day, label, what }) =>
    h("option", { value: day, selected: day === page.day }, `${label}: ${what}`);
  return h(
    "select",
    { "aria-label": "Day", "data-day": true, "data-key": "day" },
    known ? null : h("option", { value: page.day, selected: true }, page.day_label),
    [...years].map(([year, list]) => h("optgroup", { label: year }, list.map(one))),
  );
}

function around(word, change) {
  return change ? h("span", { class: "block" }, `${word}: ${change.label}, ${shortened(change.what)}`) : null;
}

// The whole text is in the select beside it.
function shortened(text) {
  const [first] = text.split("; ");
  return first.length > 70 ? `${first.slice(0, 68).replace(/\W+\w*$/, "")} …` : first;
}

// A wrong day stays in its box, as every other wrong entry does.
function anyDay({ page, uid }) {
  const id = `${uid}-any-day`;
  const note = page.day_error ? `${id}-note` : null;
  return h(
    "div",
    { class: "row any-day" },
    h("label", { class: "label", for: id }, "Any day"),
    h("input", {
      id,
      type: "date",
      "data-any-day": true,
      min: page.first_day,
      max: page.last_day,
      value: page.day_typed ?? page.day,
      "aria-invalid": note ? "true" : null,
      "aria-describedby": note,
    }),
    note ? h("p", { class: "note error", id: note }, page.day_error) : null,
  );
}

const STRIP = 240;

/** From 2012 to the last change: a tick per major change, a triangle at the day shown. */
function strip(page, days) {
  if (!days.length) return null;
  const first = Date.parse("2012-01-01");
  const last = Math.max(Date.parse(days.at(-1).day), Date.parse(page.day)) + 90 * 864e5;
  const x = (day) => 4 + ((Date.parse(day) - first) / (last - first)) * (STRIP - 8);
  const years = [];
  for (let year = 2012; Date.parse(`${year}-01-01`) < last; year += 3) years.push(year);
  const now = x(page.day);
  return svg(
    "svg",
    {
      class: "lanes strip",
      viewBox: `0 0 ${STRIP} 38`,
      role: "img",
      "aria-label": `Changes from 2012 to ${days.at(-1).day.slice(0, 4)}; the day shown is ${page.day_label}`,
      "data-strip": JSON.stringify([first, last]),
    },
    svg("rect", { class: "hit", x: 0, y: 0, width: STRIP, height: 26 }),
    svg("line", { class: "axis", x1: 4, x2: STRIP - 4, y1: 17, y2: 17 }),
    days.map(({ day, major }) =>
      svg("line", {
        class: major ? "ink" : "axis",
        x1: x(day),
        x2: x(day),
        y1: major ? 9 : 14,
        y2: 17,
      }),
    ),
    years.map((year) => yearMark(x(`${year}-01-01`), year)),
    svg("path", { class: "dot", d: `M${now} 17l-5.5 -10h11z` }),
  );
}

function yearMark(x, year) {
  if (x > STRIP - 14) return null;
  return [
    svg("line", { class: "axis", x1: x, x2: x, y1: 17, y2: 21 }),
    svg(
      "text",
      { class: "t2 tiny", "text-anchor": x < 10 ? "start" : "middle", x: x < 10 ? 2 : x, y: 33 },
      String(year),
    ),
  ];
}

function regulator({ page }) {
  const one = (name) =>
    sendButton(
      name,
      { type: "regulator", regulator: name },
      { "aria-pressed": String(name === page.regulator), "data-key": name },
    );
  return h(
    "div",
    { class: "row" },
    h("span", { class: "label" }, "Regulator"),
    h(
      "span",
      { class: "segment", role: "group", "aria-label": "Regulator" },
      (page.regulators ?? []).map(one),
    ),
  );
}

function bodies({ page, uid }) {
  if (!page.bodies?.length) return null;
  const one = ({ id, label }) => h("option", { value: id, selected: id === page.body }, label);
  return h(
    "div",
    { class: "row" },
    h("label", { class: "label", for: `${uid}-body` }, "Guidelines of"),
    h(
      "select",
      {
        id: `${uid}-body`,
        "data-body": true,
        "data-key": "body",
        title: "Who alone opens and orders, with the month of the newest text; licences open as ever",
      },
      page.bodies.map(one),
    ),
    page.bodies_elsewhere ? h("p", { class: "xs sub elsewhere" }, page.bodies_elsewhere) : null,
  );
}

function scenarios(view) {
  const { page } = view;
  if (!page.scenarios?.length) return null;
  const id = `${view.uid}-scenario`;
  const chosen = page.scenarios.find((each) => each.id === page.scenario);
  const one = ({ id: name, title }) =>
    h("option", { value: name, selected: name === page.scenario }, title);
  return h(
    "div",
    { class: "scenario" },
    h("label", { class: "label s", for: id }, "Scenario"),
    h(
      "select",
      { id, "data-scenario": true },
      chosen ? null : h("option", { value: "", selected: true }, "own patient"),
      page.scenarios.map(one),
    ),
    chosen ? h("p", { class: "xs sub" }, chosen.teaches) : null,
    page.changed_from_scenario
      ? h(
          "p",
          { class: "changed-from" },
          tag("changed by you", "ask"),
          " ",
          sendButton("Reset", { type: "reset" }),
        )
      : null,
  );
}

function patientSummary(view, open) {
  const [first, ...rest] = view.page.patient ?? [];
  return h(
    "div",
    { class: "patient" },
    h(
      "p",
      {},
      h("b", {}, first),
      rest.map((line) => h("span", { class: "sub block" }, line)),
      view.page.body
        ? h("span", { class: "sub block" }, `guidelines of ${view.page.body_label} alone`)
        : null,
    ),
    doButton(open ? "Done" : "Edit", "rail", {
      "aria-expanded": String(open),
      "aria-label": open ? "Done editing" : "Edit the patient",
    }),
  );
}
