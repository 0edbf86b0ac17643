// One life as a thick bar, twenty of the same frailty and plan as thin ones under it: another chance.
import { drawAxes, frameOf, picture } from "./axes.js";
import { paletteClass, svg } from "./dom.js";
import { firstThatFits } from "./fit.js";

const LIFE = 26;
const GHOST = 5;
const GAP = 2;
const SMALL = 11;

/** One panel. */
export function drawSwimmer(view, figure, months, width) {
  const { life, ghosts } = figure;
  const top = 10 + LIFE + 26;
  const height = top + ghosts.length * (GHOST + GAP) + 30;
  const frame = frameOf(width, height, months, { left: 10 });
  return picture(
    width,
    height,
    figure.sentence,
    drawAxes(frame, { people: false }),
    drawLife(view, frame, life),
    svg(
      "text",
      { class: "t2 xs halo", x: frame.left, y: top - 7 },
      `${ghosts.length} people of the same frailty and plan`,
    ),
    ghosts.map((ghost, at) => drawGhost(frame, ghost, top + at * (GHOST + GAP))),
  );
}

function drawLife(view, frame, life) {
  const y = 10;
  return svg(
    "g",
    {},
    svg("line", { class: "ink", x1: frame.x(0), x2: frame.x(life.dies), y1: y + LIFE / 2, y2: y + LIFE / 2 }),
    life.bars.map((bar) => drawBar(view, frame, bar, y)),
    supportive(frame, life, y, LIFE),
    svg("path", { class: "ink", d: `M${frame.x(life.dies)} ${y - 3}v${LIFE + 6}` }),
    svg(
      "text",
      { class: "xs halo", x: frame.x(life.dies) + 5, y: y + LIFE / 2 + 4 },
      `dies, month ${Math.round(life.dies)}`,
    ),
  );
}

// A drug that was left for toxicity before progression: the rest of the line is pale, and bears the name if it is longer.
function drawBar(view, frame, bar, y) {
  const [left, until, right] = [bar.start, Math.min(bar.treated_until, bar.end), bar.end].map(frame.x);
  const names = [`${bar.number} ${bar.name}`, `${bar.number} ${bar.short}`, String(bar.number)];
  const onPale = right - until > until - left;
  const [from, to] = onPale ? [until, right] : [left, until];
  const text = firstThatFits(names, to - from - 8, SMALL, true);
  const word = { class: `${onPale ? "" : "on "}xs b`, x: from + 5, y: y + LIFE / 2 + 4 };
  return svg(
    "g",
    { class: `area ${paletteClass(bar.palette)}` },
    until < right - 1 ? svg("rect", { class: "pale", x: left, y, width: right - left, height: LIFE }) : null,
    svg("rect", { class: "body", x: left, y, width: Math.max(2, until - left), height: LIFE }),
    text ? svg("text", word, text) : null,
  );
}

function supportive(frame, life, y, high) {
  if (life.supportive_from === null) return null;
  const left = frame.x(life.supportive_from);
  const width = Math.max(0, frame.x(life.dies) - left);
  return svg("g", { class: "area c-bsc" }, svg("rect", { class: "body", x: left, y, width, height: high }));
}

function drawGhost(frame, ghost, y) {
  const middle = y + GHOST / 2;
  return svg(
    "g",
    { class: "ghost" },
    svg("line", { class: "rule", x1: frame.x(0), x2: frame.x(ghost.dies), y1: middle, y2: middle }),
    ghost.bars.map(([palette, start, end]) =>
      svg(
        "g",
        { class: `area ${paletteClass(palette)}` },
        svg("rect", {
          class: "thin",
          x: frame.x(start),
          y,
          width: Math.max(1, frame.x(end) - frame.x(start)),
          height: GHOST,
        }),
      ),
    ),
    supportive(frame, ghost, y, GHOST),
    svg("path", { class: "ink", d: end(frame, ghost, y) }),
  );
}

// A stroke where the life ends; an arrow where it goes on beyond the axis.
function end(frame, { dies }, y) {
  const x = frame.x(dies);
  return dies > frame.last ? `M${x + 3} ${y}l4 ${GHOST / 2}l-4 ${GHOST / 2}` : `M${x} ${y}v${GHOST}`;
}
