// The address of the page and what is under way: the address always tells what is shown, and what Python has not
// taken over yet, refused or unanswered, is kept by the tab for a reload. Only where the view is Voila's own page.
import { HIDDEN } from "./dom.js";
import { flushAll } from "./edits.js";

const NAMES = ["code", "scenario", "day", "regulator", "body", "mode", "case"];
const KEY = "mbc-waiting";
const EDITS = new Set(["set", "samples", "therapies", "day", "regulator", "body", "scenario", "code"]);

/** Whether the view is the page itself, and the address is its own. */
export function isOwnPage(view) {
  return Boolean(view.whole && document.body.dataset.mbcPage);
}

/** The address that shows this very page. */
export function linkTo(code) {
  const url = new URL(window.location.href);
  for (const name of NAMES) url.searchParams.delete(name);
  if (code) url.searchParams.set("code", code);
  url.hash = "";
  return url.href;
}

/** Keeps the address up to date and what waits in mind; returns how to stop. */
export function keepAddress(view, model) {
  if (!isOwnPage(view)) return () => {};
  const place = { code: view.page.code, unanswered: [], settled: false, due: false };
  const send = view.send;
  view.send = (message) => {
    place.unanswered.push(message);
    keep(model, place);
    try {
      send(message);
    } catch {
      view.state.lost = true; // the line is gone for good; what was typed is kept for the reload
      view.redraw();
    }
  };
  const changed = () => follow(model, place);
  const answered = (message) => {
    if (message?.type !== "done") return;
    view.state.arriving = false;
    place.unanswered.shift();
    settle(view, model, place);
    keep(model, place);
  };
  const leaving = () => {
    flushAll(view); // a number that is typed and was not left yet
    write(place);
  };
  model.on("change:page", changed);
  model.on("msg:custom", answered);
  window.addEventListener("pagehide", leaving);
  arrive(view, model, place);
  return () => {
    model.off("change:page", changed);
    model.off("msg:custom", answered);
    window.removeEventListener("pagehide", leaving);
  };
}

// A kernel that was started before the visit knows no address; it is told as the first thing.
function arrive(view, model, place) {
  const search = window.location.search.slice(1);
  const asks = NAMES.some((name) => new URLSearchParams(search).has(name));
  if (!asks || search === view.page.address) return settle(view, model, place);
  view.state.arriving = true; // of another patient nothing is shown meanwhile: on a wall it may be the answer
  view.send({ type: "address", search });
  view.redraw();
}

// The address of the first page stays as it was written; from the first change on it tells the code.
function follow(model, place) {
  const { code } = model.get("page");
  const changed = code !== place.code;
  place.code = code;
  if (!changed || !place.settled || !code) return;
  // A browser is slow at it, so the frame with the board goes first; a page that is hidden has no frames.
  place.due = true;
  requestAnimationFrame(() => setTimeout(() => write(place)));
  setTimeout(() => write(place), HIDDEN);
}

function write(place) {
  if (!place.due) return;
  place.due = false;
  try {
    window.history.replaceState(window.history.state, "", linkTo(place.code));
  } catch {
    // a browser that limits how often this is done; the next change brings it up to date
  }
}

// After the address was answered: what waited when this very page was left is sent again.
function settle(view, model, place) {
  if (place.settled) return;
  place.settled = true;
  const before = read();
  if (before?.code !== model.get("page").code) return;
  for (const message of before.messages) view.send(message);
}

function keep(model, place) {
  const { waiting } = model.get("page");
  const edits = place.unanswered.filter(({ type }) => EDITS.has(type));
  const messages = [...(waiting ?? []), ...edits];
  if (!place.settled) return;
  try {
    if (messages.length) window.sessionStorage.setItem(KEY, JSON.stringify({ code: place.code, messages }));
    else window.sessionStorage.removeItem(KEY);
  } catch {
    // blocked storage: the code in the address is what survives
  }
}

function read() {
  try {
    const found = JSON.parse(window.sessionStorage.getItem(KEY));
    return Array.isArray(found?.messages) ? found : null;
  } catch {
    return null;
  }
}
