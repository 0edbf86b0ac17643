// The folds of the outcomes: which are open, which pictures Python must make for them, and what opening one does.
import { h } from "./dom.js";

const NEEDS = {
  survival: ["survival", "sources"],
  occupancy: ["occupancy"],
  swimmer: ["swimmer"],
  reach: ["reach"],
  people: ["occupancy", "people"],
  clinic: ["clinic"],
  harms: ["harms"],
  quality: ["quality"],
};
const FIRST = new Set(["survival", "occupancy"]);

/** Whether a figure is open: as the reader left it, at the start the first two; on paper all are. */
export function isOpen(view, id) {
  return Boolean(view.printing) || (view.state.open.get(`figure-${id}`) ?? FIRST.has(id));
}

/** A figure under its title; `body()` is drawn only while it is open. */
export function drawFold(view, { id, title, sub }, body) {
  const open = isOpen(view, id);
  return h(
    "details",
    {
      class: `fold figure-${id}`,
      "data-mbc": `figure-${id}`,
      "data-key": id,
      "data-fold": `figure-${id}`,
      "data-drawn": String(open),
      open,
    },
    h("summary", {}, h("h3", {}, title), sub ? h("span", { class: "sub s" }, sub) : null),
    open ? h("figure", { class: "figure", "aria-label": title }, body()) : null,
  );
}

/** Whether the pictures of a figure have come, for each of these sequences. */
export function hasCome({ shown, lanes, letters }, id) {
  const pair = [...letters].sort().join("");
  return NEEDS[id].every((name) =>
    name === "people" ? lanes.length < 2 || shown.pairs[pair] : lanes.every((lane) => lane[name]),
  );
}

/** A figure was opened or closed, by whatever means: it stays so in later answers, and Python hears what to make first. */
export function toggled(view, { target: fold }) {
  const { drawn, fold: name } = fold.dataset ?? {};
  if (drawn === undefined || drawn === String(fold.open) || view.printing) return;
  view.state.open.set(name, fold.open);
  const open = Object.keys(NEEDS).filter((id) => isOpen(view, id));
  view.send({ type: "pictures", names: [...new Set(open.flatMap((id) => NEEDS[id]))] });
  view.redraw();
}
