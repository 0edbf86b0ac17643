// Lanes that stay on the board while the state changes, each with the state it was of, so that a change is seen against what was.
import { alignedTo, sinceDiagnosis } from "./aligned.js";
import { doButton, h, sendButton, svg } from "./dom.js";

const MOST = 3;

/** The board as it is drawn: in Compare that of both sides, else that of the page with the pinned lanes below. */
export function boardOf(view) {
  const { page, state } = view;
  if (view.whole && page.mode === "compare" && page.compare) return page.compare.boards;
  const pinned = page.board ? state.pins.filter((pin) => !isAsNow(page.board, pin)) : [];
  if (!pinned.length) return page.board;
  const lanes = pinned.map((pin) => laneOf(page.board, pin));
  const last = Math.max(...lanes.flatMap((lane) => lane.bars.map((bar) => bar.end)));
  const months = Math.max(page.board.months, Math.ceil((last + 1) / 6) * 6); // one scale for what is and what was
  const legend = new Map([...(page.board.legend ?? []), ...pinned.flatMap((pin) => pin.legend)].map((each) => [each.palette, each]));
  return { ...page.board, months, legend: [...legend.values()], lanes: [...page.board.lanes, ...lanes] };
}

/** Pins a lane, or takes its pin out; the state goes with it, for Compare. */
export function pinLane(view, key) {
  const { page, state } = view;
  if (page.mode === "compare" && view.whole) return undefined;
  const lane = page.board?.lanes.find(({ letter }) => letter === key);
  if (!lane) return key ? unpin(view, key) : undefined;
  const pinned = pinOf(view, lane);
  if (pinned) return unpin(view, pinned.key);
  if (state.pins.length >= MOST) {
    state.told = `${MOST} lanes are pinned already: unpin one first.`;
    return view.redraw();
  }
  state.pinsMade = (state.pinsMade ?? 0) + 1;
  const words = stateInWords(page);
  state.pins.push({ key: `p${state.pinsMade}`, words, lane: sinceDiagnosis(lane), legend: legendOf(page.board, lane), since: page.board.since ?? 0 });
  state.told = `Lane ${lane.letter}, ${lane.label}, is pinned as it is now: it stays under the board when something changes.`;
  view.redraw();
  if (view.whole) view.send({ type: "pin" });
  return undefined;
}

/** Takes a pin out. */
export function unpin(view, key) {
  view.state.pins = view.state.pins.filter((pin) => pin.key !== key);
  view.state.told = "The lane is no longer pinned.";
  view.redraw();
}

function pinOf(view, lane) {
  return view.state.pins.find((pin) => pin.lane.strategy === lane.strategy && isAsNow(view.page.board, pin));
}

function legendOf(board, lane) {
  const used = new Set(lane.bars.map(({ palette }) => palette));
  return (board.legend ?? []).filter(({ palette }) => used.has(palette));
}

function stateInWords(page) {
  const body = page.body ? `, guidelines of ${page.body_label}` : "";
  return `${page.day_label}, ${page.regulator}${body}: ${(page.patient ?? [])[0] ?? ""}`;
}

// Whether the board shows this very lane anyhow.
function isAsNow(board, pin) {
  const lane = board.lanes.find(({ strategy }) => strategy === pin.lane.strategy);
  return Boolean(lane) && bones(sinceDiagnosis(lane)) === bones(pin.lane);
}

function bones(lane) {
  return JSON.stringify(lane.bars.map(({ name, start, end, share, reason, figure }) => [name, start.toFixed(1), end.toFixed(1), share, reason, figure]));
}

// Lanes are kept in months since diagnosis, however the board was aligned.
function laneOf(board, pin) {
  const lane = alignedTo(board, pin.lane, pin.since);
  const own = (bar) => ({ ...bar, id: `${pin.key}-${bar.id}`, mark: bar.id });
  return { ...lane, key: pin.key, side: `Pinned, ${pin.words}`, heading: `Pinned: ${pin.words}`, bars: lane.bars.map(own) };
}

/** The pin in the label of a lane that is drawn. */
export function drawPin(view, { lane, middle }) {
  if (view.page.mode === "compare" && view.whole) return null;
  const button = pinButton(view, lane);
  return svg(
    "g",
    { role: "button", tabindex: 0, class: "pin", ...button },
    svg("title", {}, button["aria-label"]),
    svg("rect", { class: "hit", x: -5, y: middle + 8, width: 24, height: 24 }),
    svg("path", { class: "pin-mark", d: `M4 ${middle + 13}h6l-1 5l3 3h-10l3 -3z M7 ${middle + 21}v6` }),
    svg("rect", { class: "ring", x: -4, y: middle + 9, width: 22, height: 22 }),
  );
}

/** The same as a button, where a lane is a list. */
export function drawPinButton(view, lane) {
  if (view.page.mode === "compare" && view.whole) return null;
  const { "data-do": what, ...attributes } = pinButton(view, lane);
  return doButton(attributes["aria-pressed"] === "true" ? "Unpin" : "Pin", what, { class: "pin-button", ...attributes });
}

function pinButton(view, lane) {
  const pin = lane.key ? view.state.pins.find(({ key }) => key === lane.key) : pinOf(view, lane);
  return {
    "data-do": pin ? "unpin" : "pin",
    "data-value": pin ? pin.key : lane.letter,
    "data-key": `pin-${lane.key ?? lane.letter}`,
    "aria-pressed": String(Boolean(pin)),
    "aria-label": pin ? `Unpin lane ${lane.letter}, ${lane.label}${lane.key ? `, of ${pin.words}` : ""}` : `Pin lane ${lane.letter}, ${lane.label}`,
  };
}

/** What is pinned, in words, with the way out, and the way into Compare. */
export function drawPins(view) {
  const { page, state } = view;
  if (page.mode === "compare" && view.whole) return null;
  const told = h("p", { class: "hide", role: "status" }, state.told);
  if (!state.pins.length && !view.whole) return told;
  const one = (pin) =>
    h(
      "li",
      { "data-key": `pinned-${pin.key}` },
      h("span", {}, h("b", {}, `${pin.lane.letter} ${pin.lane.label}`), ` of ${pin.words}${isAsNow(page.board, pin) ? " (as it is now)" : ""} `),
      doButton("Unpin", "unpin", { "data-value": pin.key, "aria-label": `Unpin ${pin.lane.label} of ${pin.words}` }),
    );
  return h(
    "div",
    { class: "pins s", "data-key": "pins" },
    state.pins.length ? h("ul", { "aria-label": "Pinned lanes" }, state.pins.map(one)) : null,
    view.whole
      ? h(
          "p",
          { class: "sub" },
          sendButton("Pin this state", { type: "pin" }, { "data-key": "pin-state" }),
          " Compare then shows it beside what you change it to. A lane alone: the pin in its label, or the key p on a bar.",
        )
      : null,
    told,
  );
}
