// The source card: what one bar, test or option rests on. Non-modal beside the options; a sheet on a phone.
import { bold, doButton, h, link, swatch, tag } from "./dom.js";
import { testId } from "./layout.js";
import { boardOf } from "./pins.js";

/** The card that `state.card` names, or null when the new page no longer has it. */
export function findCard(view, id) {
  if (!id) return null;
  for (const [row, lane] of (boardOf(view)?.lanes ?? []).entries()) {
    const bar = lane.bars.find((each) => each.id === id);
    if (bar) return bar.card ?? plainCard(bar);
    const test = lane.tests.findIndex((_, index) => testId(row, index) === id);
    if (test >= 0) return lane.tests[test].card;
  }
  const options = (view.page.options?.groups ?? []).flatMap((group) => group.options);
  return options.find((option) => `option-${option.id}` === id)?.card ?? null;
}

// A bar of which Python says no more than the board shows: its words, whole.
function plainCard(bar) {
  const reason = (bar.reason ?? []).join(" · ");
  return { title: `${bar.id} ${bar.name}`, palette: bar.palette, lead: reason, small: bar.figure };
}

/** The open card, or where there is room for it a key to the board in its place. */
export function drawCard(view) {
  const open = isBesideBoard(view) ? null : drawOpenCard(view);
  if (open) return open;
  return hasRail(view) ? howToRead() : null;
}

/** The card of a bar, for the rail: so the board stays in sight, and bar after bar can be read. */
export function drawBoardCard(view) {
  return isBesideBoard(view) ? drawOpenCard(view) : null;
}

function isBesideBoard(view) {
  return hasRail(view) && !view.state.card?.startsWith("option-");
}

function hasRail({ size }) {
  return size === "wide" || size === "desk";
}

/** The open card, or nothing. */
export function drawOpenCard(view) {
  const card = findCard(view, view.state.card);
  if (!card) return null;
  return h(
    "section",
    {
      class: "card",
      role: "dialog",
      "aria-label": `Source of ${card.title}`,
      "aria-modal": String(view.size === "phone"),
      "data-key": "card",
      "data-mbc": "card",
    },
    h(
      "h2",
      {},
      swatch(card.palette),
      h("span", {}, card.title),
      doButton("Close", "close-card", { "aria-label": "Close source card" }),
    ),
    card.lead ? h("p", { class: "sub" }, bold(card.lead)) : null,
    card.big || card.big_rest
      ? h("p", { class: "figure" }, h("span", { class: "big" }, card.big), " ", bold(card.big_rest))
      : null,
    card.small ? h("p", { class: "sub xs" }, bold(card.small)) : null,
    h("dl", {}, (card.rows ?? []).map(cardRow)),
  );
}

const TAG_KINDS = {
  seen: "ok",
  fits: "fit",
  "in part": "fit",
  "does not match": "fit",
  recalled: "warn",
  assumption: "warn",
  unverified: "warn",
};

function cardRow({ term, text, url, tag: word }) {
  const kind = TAG_KINDS[word] ?? "plain";
  return [
    h("dt", {}, term),
    h("dd", {}, url ? link(text, url) : bold(text), word ? [" ", tag(word, kind)] : null),
  ];
}

function howToRead() {
  const row = (term, text) => [h("dt", {}, term), h("dd", {}, text)];
  return h(
    "aside",
    { class: "card key", "aria-label": "How to read the board", "data-key": "key" },
    h("h2", {}, "How to read the board"),
    h(
      "p",
      { class: "sub" },
      "Choose a bar or a test point: its figures and where they come from appear left of the board. Those of an option appear here, by its Source.",
    ),
    h(
      "dl",
      {},
      row("Length", "months: the median of one trial or registry"),
      row("Height", "share of people who start that line"),
      row("Colour", "class of the newest drug"),
      row("Hatched", "do not lean on this length"),
      row("Pale", "already given"),
      row("Keys", "arrows move, Enter opens, Esc closes, [ and ] change the day"),
    ),
  );
}
