// Harms line by line: a card for each line with the arms of its own trial; what meets this patient is marked in words.
import { h, paletteClass, svg, swatch, tag } from "./dom.js";

const WIDE = 84;

/** The cards of the chosen sequences; a line that both have is shown once, with both names. */
export function drawHarms(lanes) {
  const cards = new Map();
  for (const lane of lanes) {
    for (const panel of lane.harms.panels) {
      const key = JSON.stringify([panel.name, panel.trial, panel.events, panel.cautions]);
      const card = cards.get(key) ?? { panel, places: [] };
      card.places.push(`${lane.letter}${panel.number}`);
      cards.set(key, card);
    }
  }
  return [key(), h("div", { class: "harm-cards" }, [...cards.values()].map(drawCard))];
}

function key() {
  const sample = (shapes) =>
    svg(
      "svg",
      { class: "lanes plot sample area c-adc", width: 26, height: 12, "aria-hidden": "true" },
      shapes,
    );
  const entry = (name, y, high, words) =>
    h("span", {}, sample(svg("rect", { class: name, x: 1, y, width: 24, height: high })), words);
  return h(
    "div",
    { class: "legend" },
    entry("any", 2, 7, "any grade"),
    entry("body", 2, 7, "grade 3 or more"),
    entry("other", 5, 3, "other arm"),
    h("span", {}, tag("why", "ask"), "meets this patient"),
  );
}

function drawCard({ panel, places }) {
  const [own, other] = panel.arms;
  return h(
    "section",
    {
      class: "harm-card",
      "data-key": places.join(),
      "aria-label": `Harms of ${panel.name}, ${places.join(" and ")}`,
    },
    h("h4", {}, swatch(panel.palette), h("span", { class: "num sub" }, places.join(", ")), ` ${panel.name}`),
    h("p", { class: "xs sub" }, panel.trial, own ? `. ${own} v ${other || "no other arm"}` : ""),
    h(
      "ul",
      { class: "events" },
      panel.events.map((event) => drawEvent(event, panel)),
    ),
    panel.cautions.length
      ? h(
          "ul",
          { class: "cautions xs" },
          panel.cautions.map((text) => h("li", {}, text)),
        )
      : null,
  );
}

function drawEvent({ event, own, other, lit }, { palette }) {
  return h(
    "li",
    { class: lit.length ? "lit" : "" },
    h("span", { class: "event" }, lit.length ? h("b", {}, event) : event),
    bars(own, other, palette),
    h("span", { class: "num xs" }, told(own), h("span", { class: "sub" }, ` v ${told(other)}`)),
    lit.length
      ? h(
          "span",
          { class: "why" },
          lit.map((why) => tag(why, "ask")),
        )
      : null,
  );
}

// "35 (2.5)": any grade, then grade 3 and more.
function told([any, severe]) {
  if (any === null && severe === null) return "–";
  return [any ?? "", severe === null ? "" : `(${severe})`].filter((part) => part !== "").join(" ");
}

function bars([any, severe], [otherAny, otherSevere], palette) {
  const rect = (name, y, high, percent) =>
    percent === null
      ? null
      : svg("rect", { class: name, x: 0.5, y, width: (percent * (WIDE - 1)) / 100, height: high });
  return svg(
    "svg",
    { class: `lanes plot area ${paletteClass(palette)}`, width: WIDE, height: 14, "aria-hidden": "true" },
    svg("rect", { class: "track", x: 0.5, y: 1.5, width: WIDE - 1, height: 7 }),
    rect("any", 1.5, 7, any),
    rect("body", 1.5, 7, severe),
    rect("other", 10.5, 3, otherAny ?? otherSevere),
  );
}
