// The board on a phone: each lane a strip to scale with numbers, and its own ordered list in words.
import { h, paletteClass, spoken, svg, swatch } from "./dom.js";
import { widthOf } from "./fit.js";
import { hatch } from "./lanes.js";
import { testId, ticksOf } from "./layout.js";
import { boardOf, drawPinButton } from "./pins.js";

const HIGH = 26;

/** One section per lane. */
export function drawStrips(view) {
  const board = boardOf(view);
  return h(
    "div",
    { class: "strips" },
    board.lanes.map((lane, row) => drawLaneList(view, lane, row)),
  );
}

function drawLaneList(view, lane, row) {
  const tests = lane.tests.map((test, index) => ({
    month: test.month - 0.01,
    test,
    id: testId(row, index),
  }));
  const bars = lane.bars.map((bar) => ({ month: bar.start, bar, id: bar.id }));
  const items = [...bars, ...tests].sort((one, other) => one.month - other.month);
  return h(
    "section",
    {
      class: "strip-lane",
      "data-key": `lane-${lane.key ?? lane.letter}`,
      "data-lane": lane.key ?? lane.letter,
      "aria-label": `${lane.side ? `${lane.side}: ` : ""}Sequence ${lane.letter}, ${lane.label}${lane.apart ? `; ${lane.apart}` : ""}`,
    },
    lane.heading ? h("p", { class: "strip-side" }, lane.heading) : null,
    drawPinButton(view, lane),
    h("h3", {}, `${lane.letter} ${lane.label} `, h("span", { class: "sub" }, lane.note)),
    lane.apart ? h("p", { class: "s unverified" }, lane.apart) : null,
    strip(view, lane),
    h(
      "ol",
      {},
      items.map((item) => (item.bar ? barItem(view, item.bar) : testItem(view, item))),
    ),
  );
}

function strip(view, lane) {
  const board = boardOf(view);
  const first = Math.min(0, ...board.lanes.flatMap(({ bars }) => bars.map((bar) => bar.start))); // one scale for all lanes
  const perMonth = (view.width - 2) / (board.months - first);
  const x = (month) => 1 + (month - first) * perMonth;
  const ticks = ticksOf(first, board.months - 1, perMonth);
  const zero = board.axis?.zero || "0 mo";
  const taken = widthOf(zero, 12.5) + 8;
  return svg(
    "svg",
    {
      width: view.width,
      height: 42,
      viewBox: `0 0 ${view.width} 42`,
      "aria-hidden": "true",
      class: "lanes",
    },
    ticks.map(({ month, label }) => [
      svg("line", { class: month || !board.axis?.zero ? "grid" : "ink", x1: x(month), x2: x(month), y1: 0, y2: 42 }),
      month > 0 && month * perMonth < taken ? null : svg("text", { class: "t2 xs", x: x(month) + 3, y: 40 }, month ? label : zero),
    ]),
    lane.bars.map((bar) => stripBar(view, bar, x)),
    lane.tests.map((test) =>
      svg("path", {
        class: `dia${test.done ? " done" : ""}`,
        d: `M${x(test.month)} 6l7 8l-7 8l-7 -8z`,
      }),
    ),
  );
}

function stripBar(view, bar, x) {
  const left = x(bar.start) + 1;
  const width = Math.max(3, x(bar.end) - left - 1);
  const high = Math.max(4, (HIGH * (bar.share ?? 100)) / 100);
  const code = paletteClass(bar.palette);
  const classes = [
    "bar",
    code,
    bar.given && "given",
    (bar.fit === "does not match" || bar.lack || bar.assumed?.length) && "loose",
  ];
  return svg(
    "g",
    { class: classes.filter(Boolean).join(" ") },
    svg("rect", {
      class: "body",
      x: left,
      y: 14 - high / 2,
      width,
      height: high,
      ...hatch(view, bar),
    }),
    bar.given
      ? svg("rect", { class: "block", x: left, y: 14 - high / 2, width: 5, height: high })
      : null,
    high >= 12 && width >= 14
      ? svg(
          "g",
          { class: "inside" },
          svg(
            "text",
            { class: "b xs", "text-anchor": "middle", x: left + width / 2, y: 18 },
            bar.line,
          ),
        )
      : null,
  );
}

function barItem(view, bar) {
  const open = view.state.card === bar.id;
  return h(
    "li",
    { "data-key": bar.id },
    h(
      "button",
      {
        type: "button",
        class: "strip-bar",
        "data-card": bar.id,
        "data-stop": bar.id,
        "aria-expanded": String(open),
      },
      swatch(bar.palette),
      h(
        "span",
        {},
        h("b", {}, `${bar.line} ${bar.name} `),
        bar.lack
          ? h("span", { class: "unverified" }, bar.lack)
          : h("span", { class: "num" }, bar.figure),
        h("span", { class: "sub block" }, (bar.reason ?? []).join(" · ")),
        bar.fit && !["fits", "not assessed"].includes(bar.fit)
          ? h("span", { class: "tag fit" }, bar.fit)
          : null,
      ),
    ),
  );
}

function testItem(view, { test, id }) {
  const mark = svg(
    "svg",
    { width: 14, height: 16, "aria-hidden": "true", class: "lanes" },
    svg("path", { class: `dia${test.done ? " done" : ""}`, d: "M7 1l6 7l-6 7l-6 -7z" }),
  );
  const text = h("span", {}, spoken(test.accessible_name));
  const button = { type: "button", class: "strip-bar", "data-card": id, "data-stop": id };
  return h(
    "li",
    { "data-key": id },
    test.card
      ? h("button", { ...button, "aria-expanded": String(view.state.card === id) }, mark, text)
      : h("div", { class: "strip-bar" }, mark, text),
  );
}
