// From a control to a message: a select at once, a typed number after a pause, on Enter, or on leaving it.

import { followReason } from "./therapies.js";

const PAUSE = 800; // ms without a key; long enough to type a number of three digits
const timers = new WeakMap();

/** Notes that something is typed; it is sent after a pause, if it can already be right. */
export function edit(view, target) {
  if (target.matches("[data-filter]")) {
    view.state.filter = target.value;
    view.redraw();
    return;
  }
  if (!target.matches("[data-number], [data-any-day]") || isNewTherapy(target)) return;
  target.setAttribute("data-dirty", "");
  clearTimeout(timers.get(target));
  if (couldBeRight(target))
    timers.set(
      target,
      setTimeout(() => commit(view, target), PAUSE),
    );
}

/** Sends what `target` holds, once. */
export function commit(view, target) {
  clearTimeout(timers.get(target));
  if (isNewTherapy(target)) {
    changedNew(view, target);
    return;
  }
  if (target.matches("[data-number], [data-any-day]")) {
    if (!target.hasAttribute("data-dirty")) return;
    target.removeAttribute("data-dirty");
  }
  const message = messageOf(view, target);
  if (message) view.send(message);
}

/** Sends every number that is typed but not yet sent; before any other message. */
export function flushAll(view) {
  for (const target of view.root.querySelectorAll("[data-dirty]")) commit(view, target);
}

function isNewTherapy(target) {
  return target.dataset.therapy === "new";
}

// The new row is not sent before "Add"; what depends on its choices follows them here.
function changedNew(view, target) {
  if (target.dataset.part === "stop_reason") followReason(target);
  if (target.dataset.part === "agents" && target.value) askForDrug(view, target, false);
}

// A number still being typed ("6" on the way to "61") waits until it is left.
function couldBeRight(target) {
  if (target.matches("[data-any-day]")) return target.value !== "" && target.validity.valid;
  const value = typed(target);
  if (value === null) return true;
  if (typeof value !== "number") return false;
  const { min, max } = target.dataset;
  return (min === undefined || value >= Number(min)) && (max === undefined || value <= Number(max));
}

/** What is typed: a number, null for nothing, or the text itself when it is neither. */
function typed(target) {
  const text = target.value.trim().replace(/\s*%$/, "");
  if (!text) return null;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : text;
}

function messageOf(view, target) {
  const data = target.dataset;
  if (data.therapy !== undefined) return therapyMessage(view);
  if (data.sample !== undefined) return sampleMessage(view);
  if (data.set !== undefined) return setMessage(view, target);
  if (data.add !== undefined) return addMessage(view, target);
  if (data.choose !== undefined) return { type: data.choose, [data.part]: target.value };
  if (data.scenario !== undefined)
    return target.value ? { type: "scenario", id: target.value } : null;
  if (data.body !== undefined) return { type: "body", body: target.value };
  if (data.day !== undefined || data.anyDay !== undefined) return { type: "day", day: target.value };
  if (data.field === undefined) return null;
  return set(data.field, valueOf(target));
}

function set(field, value) {
  return { type: "set", changes: { [field]: value } };
}

function setMessage(view, target) {
  const boxes = view.root.querySelectorAll(`[data-set="${CSS.escape(target.dataset.set)}"]`);
  return set(
    target.dataset.set,
    [...boxes].filter((box) => box.checked).map((box) => box.value),
  );
}

function addMessage(view, target) {
  if (!target.value) return null;
  const before = fieldOf(view, target.dataset.add)?.value ?? [];
  return set(target.dataset.add, [...before, target.value]);
}

// Read from the screen, not from the last page: another number of the same sample may be under way.
function sampleMessage(view) {
  const value = {};
  for (const input of view.root.querySelectorAll("[data-sample]"))
    value[input.dataset.sample] = valueOf(input);
  return { type: "samples", value };
}

function valueOf(input) {
  return input.matches("[data-number]") ? typed(input) : input.value || null;
}

function fieldOf(view, id) {
  return view.page.form.groups.flatMap((group) => group.fields).find((field) => field.id === id);
}

function therapies(view) {
  const fields = view.page.form.groups.flatMap((group) => group.fields);
  return fields.find((field) => field.kind === "therapies")?.value ?? [];
}

function therapyMessage(view) {
  return { type: "therapies", value: rowsOnScreen(view) };
}

function rowsOnScreen(view) {
  const rows = therapies(view).map((row) => ({ ...row }));
  for (const input of view.root.querySelectorAll("[data-therapy]")) {
    const row = rows[Number(input.dataset.therapy)];
    if (row && !input.disabled) row[input.dataset.part] = valueOf(input);
  }
  return rows;
}

/** Sends the list without one row. */
export function removeTherapy(view, index) {
  flushAll(view);
  view.send({ type: "therapies", value: rowsOnScreen(view).filter((_, at) => at !== index) });
}

/** Sends the list with the new row at its end; without a drug nothing is sent and the drug is asked for. */
export function addTherapy(view) {
  const inputs = [...view.root.querySelectorAll('[data-therapy="new"]')];
  const row = {};
  for (const input of inputs) {
    row[input.dataset.part] = valueOf(input);
  }
  const drugs = inputs.find((input) => input.dataset.part === "agents");
  askForDrug(view, drugs, !row.agents);
  if (!row.agents) {
    drugs.focus();
    return;
  }
  view.state.open.set("therapy-new", false);
  view.send({ type: "therapies", value: [...rowsOnScreen(view), row] });
  drugs.value = "";
}

function askForDrug(view, drugs, isMissing) {
  const note = view.root.querySelector(`#${CSS.escape(`${view.uid}-therapy-new-note`)}`);
  note.hidden = !isMissing;
  drugs.setAttribute("aria-invalid", String(isMissing));
  if (isMissing) drugs.setAttribute("aria-describedby", note.id);
  else drugs.removeAttribute("aria-describedby");
}
