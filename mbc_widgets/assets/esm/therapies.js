// Earlier treatment, line by line: every row can be changed or removed, a new one is added whole.
import { h } from "./dom.js";
import { choices, numberInput } from "./inputs.js";

/** The rows and the form for a new one; each change sends the whole list. */
export function drawTherapies(view, field) {
  const rows = field.value ?? [];
  return [
    rows.length
      ? h(
          "ol",
          { class: "therapies" },
          rows.map((row, index) => drawRow(view, field, row, index)),
        )
      : h("p", { class: "sub s" }, "none"),
    drawNew(view, field),
  ];
}

function labelIn(list, id) {
  return (list ?? []).find((each) => each.id === id)?.label ?? id ?? "";
}

function drawRow(view, field, row, index) {
  const id = `therapy-${index}`;
  const { agents, setting, stop_reason: reasons } = field.choices;
  const months = row.months === null || row.months === undefined ? "" : `, ${row.months} months`;
  const title = labelIn(agents, row.agents);
  return h(
    "li",
    { "data-key": id },
    h(
      "details",
      { class: "therapy", "data-fold": id, open: view.state.open.get(id) ?? false },
      h(
        "summary",
        {},
        h("b", {}, title),
        h(
          "span",
          { class: "sub block" },
          `${labelIn(setting, row.setting)}${months}, ${labelIn(reasons, row.stop_reason)}`,
        ),
      ),
      inputs(view, field, row, index),
      h(
        "button",
        {
          type: "button",
          "data-do": "therapy-remove",
          "data-value": index,
          "aria-label": `Remove ${title}`,
        },
        "Remove",
      ),
    ),
  );
}

function drawNew(view, field) {
  const open = view.state.open.get("therapy-new") ?? false;
  return h(
    "details",
    { class: "therapy new", "data-fold": "therapy-new", "data-key": "therapy-new", open },
    h("summary", {}, "Add a treatment"),
    h(
      "div",
      // Its values are the reader's until "Add": a redraw leaves them alone.
      { "data-own": true },
      inputs(
        view,
        field,
        { setting: "metastatic", stop_reason: "progression", months_ago: 0 },
        "new",
      ),
      h("button", { type: "button", class: "primary", "data-do": "therapy-add" }, "Add"),
    ),
  );
}

function inputs(view, field, row, index) {
  const id = (part) => `${view.uid}-therapy-${index}-${part}`;
  const mark = (part) => ({ id: id(part), "data-therapy": index, "data-part": part });
  const pick = (part, words, list, empty) =>
    h(
      "div",
      { class: "part" },
      h("label", { for: id(part) }, words),
      h("select", mark(part), choices(list ?? [], row[part] ?? null, empty)),
    );
  const number = (part, words) =>
    h(
      "div",
      { class: "part" },
      h("label", { for: id(part) }, words),
      numberInput(
        { ...mark(part), "data-min": 0, "data-max": 480, value: row[part] ?? "" },
        "months",
      ),
    );
  const { agents, setting, stop_reason: reasons } = field.choices;
  return h(
    "div",
    { class: "parts" },
    pick("agents", "Drugs", knownAgents(agents, row.agents), row.agents ? null : "choose"),
    pick("setting", "Setting", setting, null),
    number("months", "For"),
    pick("stop_reason", "Stopped for", reasons, null),
    number("months_ago", "Ended, ago"),
  );
}

// A combination that the list lacks is still shown as it is.
function knownAgents(agents, id) {
  if (!id || agents.some((each) => each.id === id)) return agents;
  return [{ id, label: String(id).replaceAll("+", " + ") }, ...agents];
}
