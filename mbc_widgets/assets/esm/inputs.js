// The two controls that several parts of the form share.
import { h } from "./dom.js";

/** Options of a select, the empty one first; `chosen` is null for that. */
export function choices(states, chosen, empty) {
  const first =
    empty === null
      ? []
      : [h("option", { value: "", selected: chosen === null || chosen === "" }, empty)];
  return [
    ...first,
    ...states.map(({ id, label }) => h("option", { value: id, selected: id === chosen }, label)),
  ];
}

/** A number with its unit. Text, not type=number: what cannot be read as a number must not vanish. */
export function numberInput(attributes, unit) {
  return h(
    "span",
    { class: "with-unit" },
    h("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      "data-number": true,
      ...attributes,
    }),
    unit ? h("span", { class: "sub xs unit" }, unit) : null,
  );
}
