// The patient as a form: one labelled native control per field of the vocabulary.
import { bold, h, tag } from "./dom.js";
import { choices, numberInput } from "./inputs.js";
import { drawTherapies } from "./therapies.js";

/** All groups of fields; which are open the reader decides, after Python's first proposal. */
export function drawForm(view) {
  const groups = view.page.form?.groups ?? [];
  return h(
    "form",
    { class: "form", "data-mbc": "form", "aria-label": "Patient" },
    groups.map((group) => drawGroup(view, group)),
  );
}

function drawGroup(view, group) {
  const id = `group-${group.id}`;
  return h(
    "details",
    {
      class: "form-group",
      "data-key": id,
      "data-fold": id,
      open: view.state.open.get(id) ?? group.open,
    },
    h(
      "summary",
      {},
      h("h2", {}, group.label),
      group.summary ? h("span", { class: "sub xs" }, group.summary) : null,
    ),
    h(
      "div",
      { class: "fields" },
      group.fields.map((field) => drawField(view, { ...field, group: group.id })),
    ),
  );
}

/** One field: its label, its control, and under it what is wrong, why it is off, or that it is assumed. */
export function drawField(view, field) {
  const id = `${view.uid}-${field.id}`;
  const parts = { control: id, note: field.error || field.disabled ? `${id}-note` : null };
  const marks = [
    "field",
    `kind-${field.kind}`,
    field.changed && "changed",
    field.unknown && "is-unknown",
    field.assumed && "is-assumed",
  ];
  const grouped = ["flag", "set", "samples", "therapies"].includes(field.kind);
  const words = [field.label, field.caution ? [" ", tag(field.caution, "warn")] : null];
  return h(
    "div",
    { class: marks.filter(Boolean).join(" "), "data-key": field.id, "data-field-row": field.id },
    grouped
      ? h("span", { class: "label", id: `${id}-label` }, words)
      : h("label", { class: "label", for: id }, words),
    h("div", { class: "control" }, (CONTROLS[field.kind] ?? stateControl)(view, field, parts)),
    parts.note
      ? h(
          "p",
          { class: field.error ? "note error" : "note", id: parts.note },
          bold(field.error || field.disabled),
        )
      : null,
  );
}

const CONTROLS = {
  state: stateControl,
  number: numberControl,
  flag: flagControl,
  set: setControl,
  samples: samplesControl,
  therapies: drawTherapies,
};

function common(field, { control, note }) {
  return {
    id: control,
    "data-field": field.id,
    disabled: Boolean(field.disabled),
    "aria-describedby": note,
    "aria-invalid": field.error ? "true" : null,
  };
}

/** What an empty choice means for this field. */
function emptyWord(field) {
  if (field.assumed) {
    const state = (field.states ?? []).find(({ id }) => id === field.value);
    return `${state ? state.label : shownValue(field.value)} (assumed)`;
  }
  return field.unknown ? unknownWord(field) : "not given";
}

const TESTED = new Set(["receptors", "biomarkers"]);

function unknownWord(field) {
  return TESTED.has(field.group) ? "not tested" : "not known";
}

function shownValue(value) {
  if (value === true) return "yes";
  if (value === false) return "no";
  return value ?? "not given";
}

function stateControl(view, field, parts) {
  const chosen = field.assumed || field.unknown ? null : field.value;
  return h("select", common(field, parts), choices(field.states ?? [], chosen, emptyWord(field)));
}

function numberControl(view, field, parts) {
  const value = field.assumed || field.value === null ? "" : field.value;
  const empty = field.assumed ? `${field.value} (assumed)` : unknownWord(field);
  return numberInput(
    { ...common(field, parts), ...limits(field), value, placeholder: empty },
    field.unit,
  );
}

function limits({ minimum, maximum, step }) {
  return { "data-min": minimum, "data-max": maximum, "data-step": step };
}

// Pressing the pressed answer takes it back.
function flagControl(view, field, { control, note }) {
  const one = (value, word) => {
    const pressed = field.value === value && !field.unknown;
    const next = pressed && !field.assumed ? null : value;
    return h(
      "button",
      {
        type: "button",
        "aria-pressed": String(pressed),
        disabled: Boolean(field.disabled),
        "data-send": JSON.stringify({ type: "set", changes: { [field.id]: next } }),
        "data-key": word,
      },
      word,
    );
  };
  const group = {
    class: "segment",
    role: "group",
    id: control,
    "aria-labelledby": `${control}-label`,
    "aria-describedby": note,
  };
  return [h("span", group, one(false, "no"), one(true, "yes")), flagWord(field)];
}

function flagWord(field) {
  const word = field.assumed ? "assumed" : field.unknown ? "not known" : "";
  return word ? h("span", { class: "sub xs" }, word) : null;
}

const MANY = 14;

function setControl(view, field, { control }) {
  const chosen = field.value ?? [];
  const label = (id) => field.states.find((state) => state.id === id)?.label ?? id;
  const id = `set-${field.id}`;
  const summary = chosen.length
    ? chosen.map(label).join(", ")
    : field.unknown
      ? "not known"
      : "none named";
  if (field.states.length > MANY) return longSet(field, chosen, label, control);
  return h(
    "details",
    { class: "set", "data-fold": id, open: view.state.open.get(id) ?? false },
    h("summary", { "aria-label": `${field.label}: ${summary}` }, summary),
    h(
      "fieldset",
      { disabled: Boolean(field.disabled) },
      h("legend", { class: "hide" }, field.label),
      field.states.map((state) =>
        h(
          "label",
          { class: "check", "data-key": state.id },
          h("input", {
            type: "checkbox",
            "data-set": field.id,
            value: state.id,
            checked: chosen.includes(state.id),
          }),
          state.label,
        ),
      ),
    ),
  );
}

function longSet(field, chosen, label, control) {
  const rest = field.states.filter((state) => !chosen.includes(state.id));
  const drop = (id) => ({
    type: "set",
    changes: { [field.id]: chosen.filter((each) => each !== id) },
  });
  return [
    chosen.map((id) =>
      h(
        "button",
        {
          type: "button",
          class: "chip",
          "data-key": id,
          "data-send": JSON.stringify(drop(id)),
          "aria-label": `Remove ${label(id)}`,
        },
        `${label(id)} ×`,
      ),
    ),
    h(
      "select",
      {
        id: control,
        "data-add": field.id,
        "aria-labelledby": `${control}-label`,
        disabled: Boolean(field.disabled),
      },
      choices(rest, null, chosen.length ? "add another" : "none; add"),
    ),
  ];
}

// Of the boxes of one field only the wrong one is marked.
function isWrong(field, part) {
  return (field.wrong ?? []).some((at) => at.part === part) ? "true" : null;
}

function samplesControl(view, field, parts) {
  const value = field.value ?? {};
  const her2 = {
    ...samplePart(field, "her2", parts),
    class: value.her2 ? "" : "empty",
  };
  return [
    h(
      "div",
      { class: "row" },
      h("span", { class: "label" }, "ER / PR"),
      h(
        "span",
        { class: "pair" },
        percent(field, "er_percent", "ER", parts),
        percent(field, "pr_percent", "PR", parts),
      ),
    ),
    h(
      "div",
      { class: "row" },
      h("label", { class: "label", for: her2.id }, "HER2"),
      h("select", her2, choices(field.states ?? [], value.her2 ?? null, "not tested")),
    ),
  ];
}

function samplePart(field, key, { control, note }) {
  return {
    id: `${control}-${key}`,
    "data-sample": key,
    "data-field": field.id,
    "aria-describedby": note,
    "aria-invalid": isWrong(field, key),
  };
}

function percent(field, key, word, parts) {
  return numberInput(
    {
      ...samplePart(field, key, parts),
      "aria-label": `${word} percent`,
      "data-min": 0,
      "data-max": 100,
      value: field.value?.[key] ?? "",
      placeholder: "?",
      disabled: Boolean(field.disabled),
    },
    "%",
  );
}
