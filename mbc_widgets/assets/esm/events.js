// What the reader does, by delegation: one set of listeners on the view, so a redraw never loses one.
import { isOwnPage } from "./address.js";
import { findCard } from "./card.js";
import { CODE_ACTIONS } from "./codes.js";
import { DOWNLOAD_ACTIONS } from "./downloads.js";
import { commitCase, keepDraft, takePanel } from "./casework.js";
import { addTherapy, commit, edit, flushAll, removeTherapy } from "./edits.js";
import { toggled } from "./folds.js";
import { neighbour } from "./layout.js";
import { pick, step } from "./picks.js";
import { countHand, pressedInTalk, switchLane, talkTo } from "./present.js";
import { boardOf, pinLane, unpin } from "./pins.js";
import { nextTheme, storeTheme } from "./theme.js";

/** Starts listening; returns how to stop. */
export function listen(view) {
  const { root } = view;
  const handlers = {
    click: (event) => clicked(view, event),
    keydown: (event) => pressed(view, event),
    input: (event) => keepDraft(view, event.target) || pick(view, event.target) || edit(view, event.target),
    change: (event) => takePanel(view, event.target) || keepDraft(view, event.target) || pick(view, event.target) || commit(view, event.target),
    focusin: (event) => focused(view, event.target),
    submit: (event) => event.preventDefault(),
  };
  const fold = (event) => toggled(view, event);
  // A page that was just loaded has its focus nowhere; its keys work all the same.
  const nowhere = (event) => document.activeElement === document.body && isOwnPage(view) && pressed(view, event);
  document.addEventListener("keydown", nowhere);
  for (const [name, handler] of Object.entries(handlers)) root.addEventListener(name, handler);
  root.addEventListener("toggle", fold, true); // it does not bubble
  return () => {
    for (const [name, handler] of Object.entries(handlers)) root.removeEventListener(name, handler);
    root.removeEventListener("toggle", fold, true);
    document.removeEventListener("keydown", nowhere);
  };
}

function clicked(view, event) {
  const { target } = event;
  const fold = target.closest("summary")?.parentElement;
  if (fold?.dataset.fold) view.state.open.set(fold.dataset.fold, !fold.open);
  const strip = target.closest("[data-strip]");
  if (strip) return pickDay(view, strip, event);
  if (target.closest(".skip")) return skip(view, event);
  const button = target.closest("[data-send], [data-do], [data-card]");
  if (!button || button.disabled) return undefined;
  if (button.dataset.send) {
    flushAll(view);
    return view.send(JSON.parse(button.dataset.send));
  }
  if (button.dataset.card) return toggleCard(view, button.dataset.card);
  return ACTIONS[button.dataset.do]?.(view, button);
}

const ACTIONS = {
  ...CODE_ACTIONS,
  ...DOWNLOAD_ACTIONS,
  theme: (view) => {
    view.state.theme = nextTheme(view.state.theme);
    storeTheme(view.state.theme);
    view.redraw();
  },
  rail: (view) => flip(view, "rail"),
  table: (view) => flip(view, "table"),
  python: (view) => {
    flip(view, "python");
    if (view.state.python) navigator.clipboard?.writeText(view.page.board.python).catch(() => {});
  },
  all: (view, button) => {
    const { all } = view.state;
    if (!all.delete(button.dataset.value)) all.add(button.dataset.value);
    view.redraw();
  },
  "close-card": (view) => closeCard(view),
  step: (view, button) => step(view, Number(button.dataset.value)),
  talk: (view, button) => talkTo(view, button.dataset.value),
  "talk-lane": (view, button) => switchLane(view, button.dataset.value),
  hand: (view, button) => countHand(view, Number(button.dataset.value)),
  reload: (view) => {
    flushAll(view);
    window.location.reload();
  },
  pin: (view, button) => pinLane(view, button.dataset.value),
  unpin: (view, button) => unpin(view, button.dataset.value),
  "case-commit": (view) => commitCase(view),
  print: () => window.print(),
  "therapy-add": (view) => addTherapy(view),
  "therapy-remove": (view, button) => removeTherapy(view, Number(button.dataset.value)),
};

function flip(view, name) {
  view.state[name] = !view.state[name];
  view.redraw();
}

function skip(view, event) {
  event.preventDefault();
  view.root.querySelector("main")?.focus();
}

// The strip is a shortcut for a pointer; the select beside it has the same days.
function pickDay(view, strip, event) {
  const box = strip.getBoundingClientRect();
  const [first, last] = JSON.parse(strip.dataset.strip);
  const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  const wanted = first + share * (last - first);
  const distance = ({ day }) => Math.abs(Date.parse(day) - wanted);
  const days = view.page.days ?? [];
  if (!days.length) return;
  const day = days.reduce((best, each) => (distance(each) < distance(best) ? each : best)).day;
  if (day !== view.page.day) view.send({ type: "day", day });
}

function toggleCard(view, id) {
  if (view.state.card === id) return closeCard(view);
  if (!findCard(view, id)) return undefined;
  view.state.card = id;
  view.redraw();
  const card = view.root.querySelector("[role='dialog']");
  card?.scrollIntoView({ block: "nearest" });
  return card?.querySelector("button")?.focus({ preventScroll: true });
}

function closeCard(view) {
  const id = view.state.card;
  if (!id) return;
  view.state.card = null;
  view.redraw();
  view.root.querySelector(`[data-card="${CSS.escape(id)}"]`)?.focus();
}

function focused(view, target) {
  const stop = target.closest?.("[data-stop]")?.dataset.stop;
  if (!stop || stop === view.state.stop) return;
  view.state.stop = stop;
  for (const each of view.root.querySelectorAll("svg [data-stop]")) {
    each.setAttribute("tabindex", each.dataset.stop === stop ? 0 : -1);
  }
}

function pressed(view, event) {
  const { key, target } = event;
  if (view.page.mode === "present" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (pressedInTalk(view, event)) event.preventDefault();
    return undefined;
  }
  if (key === "Escape" && view.state.card) {
    event.preventDefault();
    return closeCard(view);
  }
  if (key === "Enter" && target.matches("input[data-number], input[data-any-day]")) {
    event.preventDefault();
    return commit(view, target);
  }
  if (key === "Tab" && view.size === "phone") return keepInside(view, event);
  if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z") return undo(view, event);
  if ((key === "Enter" || key === " ") && target.matches("svg [data-do]")) {
    event.preventDefault();
    return clicked(view, event);
  }
  const stop = target.closest("svg [data-stop]");
  return stop && !event.ctrlKey && !event.metaKey && !event.altKey
    ? onBoard(view, event, stop)
    : undefined;
}

// In a text box Ctrl+Z is the browser's own.
function undo(view, event) {
  if (event.target.matches("input, textarea")) return;
  const possible = event.shiftKey ? view.page.can_redo : view.page.can_undo;
  event.preventDefault();
  if (possible) view.send({ type: event.shiftKey ? "redo" : "undo" });
}

const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);
const DAY_KEYS = { "[": "day-before", "]": "day-after" };

function onBoard(view, event, stop) {
  const { key } = event;
  if (MOVES.has(key)) {
    event.preventDefault();
    const id = neighbour(boardOf(view), stop.dataset.stop, key);
    view.root.querySelector(`svg [data-stop="${CSS.escape(id)}"]`)?.focus();
  } else if (key === "Enter" || key === " ") {
    event.preventDefault();
    toggleCard(view, stop.dataset.card);
  } else if (key === "p") {
    pinLane(view, stop.closest("[data-lane]")?.dataset.lane);
  } else if (DAY_KEYS[key]) {
    event.preventDefault();
    view.root.querySelector(`[data-key="${DAY_KEYS[key]}"]:not([disabled]), [data-key="this-${DAY_KEYS[key]}"]:not([disabled])`)?.click();
  }
}

// On a phone the card is a sheet over the page: Tab stays in it.
function keepInside(view, event) {
  const sheet = view.root.querySelector("[role='dialog']");
  if (!sheet) return;
  const stops = [...sheet.querySelectorAll("button, a[href]")];
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge && sheet.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}
