// Puts a view into the notebook: redraws when Python sends a new page, and sends what the reader does.
import { keepAddress } from "./address.js";
import { watchCodes } from "./codes.js";
import { BUSY, HIDDEN, morph } from "./dom.js";
import { listen } from "./events.js";
import { beat } from "./heartbeat.js";
import { watchMenus } from "./menus.js";
import { boardOf } from "./pins.js";
import { rememberTheme, startTheme } from "./theme.js";

const SLOW = 300; // ms until "updating" is said
const LOST = 20_000; // ms until the page says that no answer comes
// What Python sends, and where it is shown: of a page first what the reader looks for, then everything.
const PARTS = { page: "first", rest: "page", outcomes: "outcomes", bands: "outcomes" };
let views = 0;

/** Shows `draw(view)` in `el` and keeps it up to date; returns how to stop. */
export function mount({ model, el }, draw) {
  views += 1;
  const root = document.createElement("div");
  root.className = "mbc";
  const view = {
    root,
    uid: `mbc${views}`,
    page: pageOf(model),
    outcomes: model.get("outcomes") ?? {},
    bands: model.get("bands") ?? {},
    width: 1000,
    size: "desk",
    state: firstState(),
    send: (message) => send(view, model, message),
    parts: {}, // how sections are drawn that can be drawn without the rest
    mode: null, // of the page as it was drawn last
    half: false, // whether only its first part is drawn yet
    due: null, // what the next frame draws: "page" for everything, or a part
    settled: new Set(), // sections on the screen that nothing new has come for
    redraw: () => {
      view.settled.clear(); // the reader changed something, and it may show anywhere
      redraw(view, draw);
    },
  };
  el.append(root);
  const stops = [follow(view, model, draw), listen(view), measure(view), unfold(view)];
  stops.push(watchMenus(view), watchCodes(view, model), keepAddress(view, model), beat(view, model));
  return () => stops.forEach((stop) => stop());
}

// What only the reader's side knows: it is never sent, and a new page does not reset it.
function firstState() {
  return {
    open: new Map(),
    all: new Set(),
    rows: [], // the therapies as drawn last, each with its key
    rowsMade: 0,
    card: null,
    pins: [], // lanes of the board that stay, each with the state it was of
    told: "",
    stop: null,
    filter: "",
    rail: false,
    table: false,
    python: false,
    busy: false,
    lost: false,
    arriving: false, // what the address asks for is not there yet
    theme: startTheme(),
    waiting: 0,
    timers: [],
  };
}

function send(view, model, message) {
  const { state } = view;
  state.waiting += 1;
  view.settled.delete("first"); // until Python's answer is drawn
  model.send(message);
  state.timers.push(setTimeout(() => sayBusy(view), SLOW));
  state.timers.push(setTimeout(() => sayLost(view), LOST));
}

// Says it where it stands: to draw a whole page for one word would make the wait longer.
function sayBusy(view) {
  if (!view.state.waiting) return;
  view.state.busy = true;
  view.root.querySelector("main")?.setAttribute("aria-busy", "true");
  const word = view.root.querySelector(".busy");
  if (word) word.textContent = BUSY;
}

function sayLost(view) {
  if (!view.state.waiting) return;
  view.state.lost = true;
  view.redraw();
}

function answered(view) {
  const { state } = view;
  state.waiting = Math.max(0, state.waiting - 1);
  if (state.waiting) return;
  state.timers.splice(0).forEach(clearTimeout);
  Object.assign(state, { busy: false, lost: false });
}

function follow(view, model, draw) {
  const heard = Object.keys(PARTS).map((name) => [
    `change:${name}`,
    () => {
      if (PARTS[name] === "outcomes") view[name] = model.get(name) ?? {};
      else view.page = pageOf(model);
      view.settled.delete(PARTS[name]);
      if (PARTS[name] === "first" && mayDrawFirst(view)) drawFirst(view, draw);
      else if (PARTS[name] === "page" && view.half) return; // with what comes last
      else soon(view, draw, PARTS[name]);
    },
  ]);
  heard.push([
    "msg:custom",
    (message) => {
      if (message?.type !== "done") return;
      answered(view);
      soon(view, draw, "page");
    },
  ]);
  for (const [event, act] of heard) model.on(event, act);
  return () => {
    for (const [event, act] of heard) model.off(event, act);
  };
}

function pageOf(model) {
  return { ...model.get("rest"), ...model.get("page") };
}

// Only a page of the mode that is on the screen has a first part there, and it does not wait for a frame.
function mayDrawFirst(view) {
  return "first" in view.parts && view.mode === view.page.mode && view.due !== "page" && !view.state.arriving;
}

// At once, and not at the next frame. The whole is drawn when Python is done; what changed without a message of ours has no such end.
function drawFirst(view, draw) {
  redraw(view, draw, "first");
  view.half = true;
  view.root.querySelector(".answer")?.setAttribute("aria-busy", "true"); // still of what was before
  if (!view.state.waiting) setTimeout(() => view.half && soon(view, draw, "page"), HIDDEN);
}

// Messages that come together are drawn together, at the next frame; of the outcomes alone only their section is drawn.
function soon(view, draw, wished) {
  const part = wished === "outcomes" && wished in view.parts ? wished : "page";
  const first = view.due === null;
  view.due = first || view.due === part ? part : "page";
  if (!first) return;
  const now = () => {
    if (view.due === null) return;
    redraw(view, draw, view.due);
  };
  requestAnimationFrame(now);
  setTimeout(now, HIDDEN);
}

// The width of the view decides, not that of the window: a notebook cell can be narrow.
function measure(view) {
  let [before, mode, measured] = [0, null, false];
  const read = () => {
    const outer = view.root.clientWidth || view.root.parentElement?.clientWidth || 1000;
    // Only higher: a fold was opened, and drawing anew would close it. Another mode has other room for its board.
    const isMeasured = measured || !view.root.querySelector("[data-measure]"); // the page of an address comes later
    if (outer === before && mode === view.page.mode && isMeasured) return;
    [before, mode] = [outer, view.page.mode];
    view.size = outer >= 1360 ? "wide" : outer >= 1100 ? "desk" : outer >= 720 ? "tablet" : "phone";
    view.root.dataset.size = view.size;
    view.root.dataset.still = ""; // the bars take their places for a new width, they do not travel to them
    view.redraw();
    const drawing = view.root.querySelector("[data-measure]");
    measured = Boolean(drawing);
    const width = Math.floor(drawing?.clientWidth ?? outer);
    if (width && width !== view.width) {
      view.width = width;
      view.redraw();
    }
    view.root.getBoundingClientRect(); // the places are taken now
    delete view.root.dataset.still;
  };
  const observer = new ResizeObserver(read);
  observer.observe(view.root);
  read();
  return () => observer.disconnect();
}

// On paper every fold is open; what was folded is drawn for it, and folded again after.
function unfold(view) {
  const paper = window.matchMedia("print");
  const changed = () => {
    view.printing = paper.matches;
    view.redraw();
  };
  const before = () => {
    view.printing = true;
    view.redraw();
  };
  const after = () => {
    view.printing = false;
    view.redraw();
  };
  paper.addEventListener("change", changed);
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  return () => {
    paper.removeEventListener("change", changed);
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  };
}

/** Draws anew; the focus stays where it was, or goes to the nearest thing that is still there. */
function redraw(view, draw, part = "page") {
  const { root, state } = view;
  if (part !== "first") view.due = null;
  root.dataset.theme = view.printing ? "light" : state.theme; // paper is white
  rememberTheme(root, root.dataset.theme);
  state.stop = stopStillThere(view);
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const trail = focused ? keysAround(focused, root) : [];
  try {
    for (const [old, next] of drawn(view, draw, part)) morph(old, next, (node) => isPending(view, node, focused));
  } finally {
    if (focused && document.activeElement !== focused) refocus(root, focused, trail);
  }
}

// What is on the screen beside its new form: the root, or the sections of a part.
function drawn(view, draw, part) {
  const { root } = view;
  const sections = part === "page" ? [] : [...root.querySelectorAll(`[data-mbc="${part}"]`)];
  if (sections.length) return sections.map((old) => [old, view.parts[part]()]);
  const next = root.cloneNode(false);
  if (view.mode !== view.page.mode) view.settled.clear();
  Object.assign(view, { parts: {}, half: false, mode: view.page.mode });
  next.append(draw(view) ?? "");
  return [[root, next]];
}

// An input in which something is typed but not sent, or whose answer is still under way, keeps its value.
function isPending(view, node, focused) {
  return node.hasAttribute("data-dirty") || (node === focused && view.state.waiting > 0);
}

function stopStillThere(view) {
  const { state } = view;
  const bars = (boardOf(view)?.lanes ?? []).flatMap((lane) => lane.bars);
  const isTest = state.stop?.startsWith("test-");
  if (isTest || bars.some((bar) => bar.id === state.stop)) return state.stop;
  return (bars.find((bar) => !bar.given) ?? bars[0])?.id ?? null;
}

function keysAround(node, root) {
  const keys = [];
  for (let at = node; at && at !== root; at = at.parentElement) {
    const key = at.getAttribute("data-key");
    if (key) keys.push(key);
  }
  return keys;
}

function refocus(root, focused, trail) {
  if (focused.isConnected) {
    focused.focus({ preventScroll: true });
    focused.scrollIntoView({ block: "nearest" }); // its row may have moved in the list
    return;
  }
  for (const key of trail) {
    const place = root.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const target = place?.matches("button, select, input, summary")
      ? place
      : place?.querySelector("button, summary, select, input");
    if (target) {
      target.focus({ preventScroll: true });
      return;
    }
  }
  root.querySelector("main")?.focus({ preventScroll: true });
}
