// Earlier treatment, line by line: every row can be changed or removed, a new one is added whole.
import { h } from "./dom.js";
import { choices, numberInput } from "./inputs.js";
import { rowKeys } from "./rows.js";

/** The rows and the form for a new one; each change sends the whole list. */
export function drawTherapies(view, field) {
  const rows = field.value ?? [];
  const keys = rowKeys(view.state, rows);
  return [
    rows.length
      ? h(
          "ol",
          { class: "therapies" },
          rows.map((row, index) => drawRow(view, field, row, { index, key: keys[index] })),
        )
      : h("p", { class: "sub s" }, "none"),
    drawNew(view, field),
  ];
}

function labelIn(list, id) {
  return (list ?? []).find((each) => each.id === id)?.label ?? id ?? "";
}

function drawRow(view, field, row, { index, key }) {
  const { agents, setting, stop_reason: reasons } = field.choices;
  const months = row.months === null || row.months === undefined ? "" : `, ${row.months} months`;
  const title = labelIn(agents, row.agents);
  return h(
    "li",
    { "data-key": key },
    h(
      "details",
      { class: "therapy", "data-fold": key, open: view.state.open.get(key) ?? false },
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
      inputs(view, field, row, { index, key }),
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

const CHOOSE = "No drug is chosen: choose one under Drugs, then press Add.";

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
        { index: "new", key: "therapy-new" },
      ),
      h("p", { class: "note error", id: `${view.uid}-therapy-new-note`, hidden: true }, CHOOSE),
      h("button", { type: "button", class: "primary", "data-do": "therapy-add" }, "Add"),
    ),
  );
}

function inputs(view, field, row, { index, key }) {
  const id = (part) => `${view.uid}-${key}-${part}`;
  const wrong = (part) => (field.wrong ?? []).some((at) => at.row === index && at.part === part);
  const mark = (part) => ({
    id: id(part),
    "data-therapy": index,
    "data-part": part,
    "aria-invalid": wrong(part) ? "true" : null,
    "aria-describedby": wrong(part) ? `${view.uid}-${field.id}-note` : null,
  });
  const pick = (part, words, list, empty) =>
    h(
      "div",
      { class: "part" },
      h("label", { for: id(part) }, words),
      h("select", mark(part), choices(list ?? [], row[part] ?? null, empty)),
    );
  const number = (part, words, rest = {}) =>
    h(
      "div",
      { class: "part" },
      h("label", { for: id(part) }, words),
      numberInput(
        { ...mark(part), "data-min": 0, "data-max": 480, value: row[part] ?? "", ...rest },
        "months",
      ),
    );
  const { agents, setting, stop_reason: reasons } = field.choices;
  const goesOn = row.stop_reason === "ongoing";
  return h(
    "div",
    { class: "parts" },
    pick("agents", "Drugs", knownAgents(agents, row.agents), row.agents ? null : "choose"),
    pick("setting", "Setting", setting, null),
    number("months", "For"),
    pick("stop_reason", "Stopped for", reasons, null),
    number("months_ago", "Ended, ago", goesOn ? stillGiven() : {}),
  );
}

// What goes on has not ended: a number typed there would be lost.
function stillGiven() {
  return { disabled: true, value: "", placeholder: "ongoing" };
}

/** Turns the end of the new row on or off with its reason; a redraw leaves that row alone. */
export function followReason(reason) {
  const end = reason.closest(".parts").querySelector('[data-part="months_ago"]');
  end.disabled = reason.value === "ongoing";
  end.placeholder = end.disabled ? "ongoing" : "";
  end.value = end.disabled ? "" : end.value || "0";
}

// A combination that the list lacks is still shown as it is.
function knownAgents(agents, id) {
  if (!id || agents.some((each) => each.id === id)) return agents;
  return [{ id, label: String(id).replaceAll("+", " + ") }, ...agents];
}
