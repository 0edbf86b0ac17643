// The board drawn to scale: one lane per sequence, every bar a labelled, focusable element.
import { paletteClass, spoken, svg } from "./dom.js";
import { widthOf } from "./fit.js";
import { LABELS, layBoard, testId } from "./layout.js";
import { boardOf, drawPin } from "./pins.js";

/** The drawing, `view.width` px wide. */
export function drawLanes(view) {
  const board = boardOf(view);
  const laid = layBoard(board, view.width);
  return svg(
    "svg",
    {
      class: "lanes",
      width: laid.width,
      height: laid.height,
      viewBox: `0 0 ${laid.width} ${laid.height}`,
      role: "group",
      "aria-label": `${board.title}, ${board.axis?.spoken ?? "in months since diagnosis"}. Arrow keys move, Enter opens the source.`,
    },
    axis(board, laid),
    laid.lanes.map((lane, row) => drawLane(view, lane, row, laid)),
    nowLine(board, laid),
  );
}

/** The hatches, once per view: an SVG pattern takes no colour from what it fills, so each class has its own. */
export function hatches(uid) {
  const codes = ["et", "cdk", "serd", "pam", "parp", "adc", "chemo", "io", "bsc"];
  const one = (code) =>
    svg(
      "pattern",
      {
        id: `${uid}-${code}`,
        width: 7,
        height: 7,
        patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)",
      },
      svg("rect", { width: 7, height: 7, style: `fill:var(--${code})` }),
      svg("rect", { width: 2.6, height: 7, style: `fill:var(--${code}-hatch)` }),
    );
  return svg(
    "svg",
    { class: "hatches", width: 0, height: 0, "aria-hidden": "true" },
    svg("defs", {}, codes.map(one)),
  );
}

function axis(board, laid) {
  const { title, zero } = board.axis ?? { title: "Months since MBC", zero: "" };
  const now = laid.x(zero ? 0 : (board.now ?? -1000));
  const [before, after] = zero ? [60, 46 + widthOf(zero, 11, true)] : [12, 42]; // what is written on the line
  const lines = laid.ticks.map(({ month, label }) => {
    const x = laid.x(month);
    const clear = x < now - before || x > now + after;
    return [
      svg("line", { class: "grid", x1: x, x2: x, y1: laid.axis, y2: laid.height }),
      clear ? svg("text", { class: "t2 xs", "text-anchor": "middle", x, y: 15 }, label) : null,
    ];
  });
  return svg(
    "g",
    { "aria-hidden": "true" },
    svg("text", { class: "t2 xs", x: 0, y: 15 }, title),
    lines,
  );
}

// The line that all lanes have: the end of the line they are aligned at, or now.
function nowLine(board, laid) {
  if (board.axis?.zero) return zeroLine(board.axis.zero, laid);
  if (board.now === null || board.now === undefined) return null;
  const x = laid.x(board.now);
  return svg(
    "g",
    { "aria-hidden": "true", class: "now", "data-key": "now" },
    svg("line", { class: "ink", x1: x, x2: x, y1: 2, y2: laid.height }),
    svg("text", { class: "b xs halo", x: x + 5, y: 15 }, "now"),
  );
}

function zeroLine(zero, laid) {
  const x = laid.x(0);
  return svg(
    "g",
    { "aria-hidden": "true", class: "now", "data-key": "zero" },
    svg("line", { class: "ink", x1: x, x2: x, y1: 2, y2: laid.height }),
    svg("text", { class: "t2 xs halo", x: x - 6, y: 15, "text-anchor": "end" }, "before"),
    svg("text", { class: "xs halo", x: x + 6, y: 15 }, "after ", svg("tspan", { class: "b" }, zero)),
  );
}

// Where lanes are aligned at the end of a line, now is another month in each.
function ownNow({ now, middle }) {
  if (now === null) return null;
  return svg(
    "g",
    { "aria-hidden": "true", class: "now" },
    svg("line", { class: "ink own-now", x1: now, x2: now, y1: middle - 30, y2: middle - 8 }),
    svg("text", { class: "b xs halo", x: now - 5, y: middle - 20, "text-anchor": "end" }, "now"),
  );
}

function drawLane(view, laid, row, board) {
  const { lane, top } = laid;
  const name = `${lane.side ? `${lane.side}: ` : ""}Sequence ${lane.letter}, ${lane.label}${lane.note ? `, ${lane.note}` : ""}${lane.apart ? `; ${lane.apart}` : ""}`;
  return svg(
    "g",
    { "data-key": `lane-${lane.key ?? lane.letter}`, "data-lane": lane.key ?? lane.letter },
    row ? svg("line", { class: "rule", x1: 0, x2: board.width, y1: top, y2: top }) : null,
    lane.heading ? svg("text", { class: "b s", x: 0, y: top + 19 }, lane.heading) : null,
    laneName(laid),
    drawPin(view, laid),
    svg(
      "g",
      { role: "list", "aria-label": name },
      laid.bars.map((bar) => drawBar(view, bar)),
      laid.tests.map((test, index) => drawTest(view, test, testId(row, index))),
    ),
    drawEnd(laid.end),
    ownNow(laid),
  );
}

function laneName({ lane, middle, title, apart, notes }) {
  const top = middle + 4;
  return svg(
    "g",
    { "aria-hidden": "true" },
    lane.note ? svg("title", {}, lane.note) : null, // the rest of what is cut
    svg("text", { class: "letter", x: 0, y: top }, lane.letter),
    title.map((text, line) => svg("text", { class: "b s", x: 18, y: top + line * 14 }, text)),
    [...apart, ...notes].map((text, line) =>
      svg("text", { class: line < apart.length ? "tu xs" : "t2 xs", x: 18, y: top + 1 + (title.length + line) * 13.5 }, text),
    ),
  );
}

function drawBar(view, laid) {
  const { bar, left, right, top, high } = laid;
  const classes = ["bar", paletteClass(bar.palette), bar.given && "given", loose(bar) && "loose"];
  const selected = view.state.card === bar.id;
  const button = {
    role: "button",
    class: classes.filter(Boolean).join(" "),
    "data-stop": bar.id,
    "data-card": bar.id,
    tabindex: view.state.stop === bar.id ? 0 : -1,
    "aria-expanded": String(selected),
    "aria-label": spoken(bar.accessible_name),
  };
  const ring = { x: left - 3, y: top - 3, width: right - left + 6, height: high + 6 };
  return svg(
    "g",
    { role: "listitem", "data-key": bar.id },
    svg(
      "g",
      button,
      svg("title", {}, whole(bar)),
      hitArea(laid),
      svg("rect", {
        class: "body",
        style: `x:${left}px;y:${top}px;width:${right - left}px;height:${high}px`,
        ...hatch(view, bar),
      }),
      bar.given ? svg("rect", { class: "block", x: left, y: top, width: 7, height: high }) : null,
      barText(laid),
      svg("g", { "aria-hidden": "true" }, whisker(laid), underText(laid), lack(laid)),
      svg("rect", { class: "ring", ...ring }),
    ),
  );
}

// What a short bar has no room for, for a pointer that rests on it; its spoken name says the same.
function whole(bar) {
  return [bar.name, ...(bar.reason ?? []), bar.figure].filter(Boolean).join(" · ");
}

function loose(bar) {
  return bar.fit === "does not match" || Boolean(bar.lack) || Boolean(bar.assumed?.length);
}

/** The fill of a bar whose length nobody should lean on; none for the others. */
export function hatch(view, bar) {
  if (!bar.hatched && !bar.lack) return {};
  return { fill: `url(#${view.uid}-${paletteClass(bar.palette).slice(2)})` };
}

// A thin bar is hard to hit: the height of a full one answers, and the words under it.
function hitArea({ left, right, strip, under }) {
  const wide = Math.max(right - left, 24);
  return svg("rect", {
    class: "hit",
    x: left,
    y: strip - 35,
    width: wide,
    height: 42 + under.length * 13,
  });
}

function barText({ bar, left, right, top, high, name, mark }) {
  const base = top + high / 2 + 4.3;
  const inset = bar.given ? 16 : right - left > 44 ? 12 : 6;
  return svg(
    "g",
    { "aria-hidden": "true", class: "inside" },
    name ? svg("text", { class: "b m", x: left + inset, y: base }, name) : null,
    mark && !bar.given
      ? svg("text", { class: "xs", "text-anchor": "end", x: right - 9, y: base - 0.3 }, mark)
      : null,
  );
}

function whisker({ whisker: at, strip }) {
  if (!at) return null;
  if (at.open) return svg("circle", { class: "open", cx: at.dot, cy: strip, r: 3 });
  const path = `M${at.low} ${strip - 3.5}v7M${at.low} ${strip}H${at.high}`;
  const end = at.beyond ? `m-5 -3.5l5 3.5l-5 3.5` : `m0 -3.5v7`;
  return [
    svg("path", { class: "ink", d: path + end }),
    svg("circle", { class: "dot", cx: at.dot, cy: strip, r: 2.8 }),
  ];
}

function underText({ left, strip, under }) {
  return under.map(({ text, kind }, line) =>
    svg("text", { class: `xs under ${kind}`, x: left, y: strip + 15 + line * 13 }, text),
  );
}

// Beside the last bar; before another there is no room, and the line under the bar says it.
function lack({ bar, last, right, top, high }) {
  if (!bar.lack || !last) return null;
  return svg("text", { class: "b xs tu halo", x: right + 7, y: top + high / 2 + 4 }, bar.lack);
}

function drawTest(view, { test, at, middle, label }, id) {
  const shape = svg("path", {
    class: `dia${test.done ? " done" : ""}`,
    d: `M${at} ${middle - 8}l8 8l-8 8l-8 -8z`,
  });
  const text = label
    ? svg("text", { class: "xs t2 halo", x: at + 4, y: middle - 19, "aria-hidden": "true" }, label)
    : null;
  const name = { "aria-label": spoken(test.accessible_name) };
  if (!test.card) {
    return svg(
      "g",
      { role: "listitem", "data-key": id },
      svg("g", { role: "img", ...name }, text, shape),
    );
  }
  const stop = { role: "button", class: "test", "data-stop": id, "data-card": id };
  const state = {
    tabindex: view.state.stop === id ? 0 : -1,
    "aria-expanded": String(view.state.card === id),
  };
  const ring = svg("rect", { class: "ring", x: at - 12, y: middle - 12, width: 24, height: 24 });
  const hit = svg("rect", { class: "hit", x: at - 12, y: middle - 12, width: 24, height: 24 });
  return svg(
    "g",
    { role: "listitem", "data-key": id },
    svg("g", { ...stop, ...state, ...name }, hit, text, shape, ring),
  );
}

function drawEnd(end) {
  if (!end) return null;
  const { at, middle, label, fits } = end;
  return svg(
    "g",
    { role: "img", "aria-label": "End of the drawn lines, not the end of life" },
    svg("path", { class: "ink", d: `M${at} ${middle - 9}v18M${at + 4} ${middle - 9}v18` }),
    fits ? svg("text", { class: "xs t2", x: at + 10, y: middle + 4 }, label) : null,
  );
}

/** How wide the drawing must at least be; narrower, the lists of strips.js are shown. */
export const NARROWEST = LABELS + 420;
