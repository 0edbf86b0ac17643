// Whether the workbook still answers: a ping now and then, sooner when something looks wrong. Cheap, and only on Voila's
// own page; a notebook shows its kernel itself, and there a long cell is no loss.
import { isOwnPage } from "./address.js";
import { doButton, h } from "./dom.js";

const EVERY = 20_000; // ms without a word from Python until it is asked
const PATIENCE = 15_000; // ms until no answer means that nobody is there; a simulation may be under way
const LITTLE_PATIENCE = 4_000; // the same when the line is down, or the laptop slept
const TICK = 1_000;
const GONE = new Set(["dead", "restarting", "autorestarting", "terminating"]); // of a kernel; a new one knows no page

/** Starts listening for the workbook; returns how to stop. */
export function beat(view, model) {
  if (!isOwnPage(view)) return () => {};
  const pulse = { heard: Date.now(), asked: 0, patience: PATIENCE, ticked: Date.now() };
  const heard = () => hear(view, pulse);
  const soon = () => ask(model, pulse, LITTLE_PATIENCE);
  const seen = () => document.visibilityState === "visible" && Date.now() - pulse.heard > EVERY && soon();
  const timer = setInterval(() => tick(view, model, pulse), TICK);
  const words = ["msg:custom", "change:page", "change:outcomes", "change:bands"];
  for (const word of words) model.on(word, heard);
  window.addEventListener("online", soon);
  document.addEventListener("visibilitychange", seen);
  const unwatch = watchKernel(view, model, soon);
  return () => {
    clearInterval(timer);
    for (const word of words) model.off(word, heard);
    window.removeEventListener("online", soon);
    document.removeEventListener("visibilitychange", seen);
    unwatch();
  };
}

function hear(view, pulse) {
  Object.assign(pulse, { heard: Date.now(), asked: 0 });
  if (view.state.lost && !view.state.gone) lose(view, false);
}

function ask(model, pulse, patience) {
  if (pulse.asked) {
    pulse.patience = Math.min(pulse.patience, patience);
    return;
  }
  Object.assign(pulse, { asked: Date.now(), patience });
  try {
    model.send({ type: "ping" });
  } catch {
    pulse.patience = 0; // the line is gone for good
  }
}

function tick(view, model, pulse) {
  const now = Date.now();
  const slept = now - pulse.ticked > 60_000; // the clock went on and nothing ran
  pulse.ticked = now;
  if (slept) pulse.asked = 0;
  if (pulse.asked && now - pulse.asked > pulse.patience) lose(view, true);
  else if (!pulse.asked && now - pulse.heard >= EVERY) ask(model, pulse, slept ? LITTLE_PATIENCE : PATIENCE);
}

function lose(view, lost) {
  if (view.state.lost === lost) return;
  view.state.lost = lost;
  view.redraw();
}

// Jupyter knows first when the line is cut or the kernel has died; where it does not say so, the ping does.
function watchKernel(view, model, soon) {
  const kernel = model.widget_manager?.kernel;
  const line = (_, status) => status !== "connected" && soon();
  const life = (_, status) => {
    if (!GONE.has(status)) return;
    view.state.gone = true;
    lose(view, true);
  };
  kernel?.connectionStatusChanged?.connect(line);
  kernel?.statusChanged?.connect(life);
  return () => {
    kernel?.connectionStatusChanged?.disconnect(line);
    kernel?.statusChanged?.disconnect(life);
  };
}

/** The line that says that nobody answers, with the code and a way on; null while somebody does. */
export function drawLost(view) {
  const { page, state } = view;
  if (!state.lost) return null;
  const kept = isOwnPage(view) ? " Reload brings it back, with what was typed last." : "";
  return h(
    "div",
    { class: "lost", role: "alert", "data-key": "lost", "data-mbc": "lost" },
    h("b", {}, "Disconnected."),
    h(
      "p",
      {},
      page.code ? ["What you entered is in this code: ", h("code", { class: "code" }, page.code), "."] : "The workbook does not answer.",
      kept,
    ),
    doButton("Reload", "reload", { class: "primary", "data-key": "reload" }),
  );
}
