// What the reader picks in the outcomes: one or two sequences (Python says how sure they are), and a month (the page alone).

/** Takes over what was picked in `target`; says whether it was a picker of the outcomes. */
export function pick(view, target) {
  const what = target.dataset?.pick;
  if (!what) return false;
  if (what === "month") toMonth(view, Number(target.value));
  else toSequence(view, what, target.value);
  return true;
}

/** The month before or after. */
export function step(view, by) {
  toMonth(view, monthOf(view) + by);
}

function toMonth(view, index) {
  const last = (view.state.shown?.months.length ?? 1) - 1;
  view.state.month = Math.min(last, Math.max(0, index));
  view.redraw();
}

function toSequence(view, place, letter) {
  const [first, second] = lettersOf(view);
  const wanted = place === "first" ? [letter, second === letter ? first : second] : [first, letter];
  const letters = wanted.filter(Boolean);
  if (letters.join() === [first, second].filter(Boolean).join()) return;
  view.state.picked = { request: view.state.shown.request, letters };
  view.send({ type: "sequences", letters });
  view.redraw();
}

/** The letters of the sequences that are picked, one or two; their pictures may still be on the way. */
export function lettersOf({ state }) {
  const { shown, picked } = state;
  return picked?.request === shown.request ? picked.letters : shown.chosen;
}

const START = 24; // months

/** The place of the month that is shown, among those of the axis. */
export function monthOf({ state }) {
  const months = state.shown.months;
  if (state.month !== undefined) return Math.min(state.month, months.length - 1);
  const near = months.findIndex((month) => month >= START);
  return near < 0 ? months.length - 1 : near;
}
