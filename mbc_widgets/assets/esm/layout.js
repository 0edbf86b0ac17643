// Where everything on the board is, in pixels: plain numbers from plain data, no element is made here.
import { cut, firstThatFits, widthOf, wrap } from "./fit.js";

export const LABELS = 140; // column of the lane names, where the board is narrow
const WIDE_LABELS = 196;
const WIDE = 1000;
const NOTE_LINES = 9; // the longest meaning of a strategy, whole
const RIGHT = 18;
const AXIS = 24;
const BAR = 30;
const PAD = 12;
const NAME_SIZE = 12.5;
const SMALL = 11;
const LEADING = 13;
const HEADING = 28; // above a lane that begins another side
const THIN = 16; // a bar lower than this cannot hold its name

/** Lanes, bars, tests and axis of `board` in a drawing `width` px wide. */
export function layBoard(board, width) {
  const starts = board.lanes.flatMap((lane) => lane.bars.map((bar) => bar.start));
  const first = Math.min(0, ...starts);
  const labels = width >= WIDE ? WIDE_LABELS : LABELS;
  const perMonth = (width - labels - RIGHT) / Math.max(1, board.months - first);
  const x = (month) => labels + (month - first) * perMonth;
  const lanes = [];
  let top = AXIS;
  for (const lane of board.lanes) {
    const laid = layLane(board, lane, x, { width, labels, top });
    lanes.push(laid);
    top += laid.height;
  }
  return { width, height: top, lanes, x, ticks: ticksOf(first, board.months, perMonth), axis: AXIS };
}

/** The months of an axis that are written, each with its label; before zero with a minus. */
export function ticksOf(first, last, perMonth) {
  const step = [6, 12, 24].find((months) => months * perMonth >= 44) ?? 36;
  const list = [];
  for (let month = Math.ceil(first / step) * step; month <= last; month += step) {
    list.push({ month, label: month < 0 ? `\u2212${-month}` : String(month || 0) });
  }
  return list;
}

function layLane(board, lane, x, { width, labels, top }) {
  const named = board.axis?.zero || lane.tests.some((test) => test.label); // each lane then says "now" itself
  const head = lane.heading ? HEADING : 0;
  const middle = top + head + (named ? 17 : 8) + BAR / 2;
  const bars = lane.bars.map((bar, index) => layBar(bar, lane.bars[index + 1], x, width, middle));
  const lines = Math.max(1, ...bars.map((bar) => bar.under.length));
  const notes = wrap(lane.note ?? "", labels - 26, SMALL, NOTE_LINES);
  const apart = wrap(lane.apart ?? "", labels - 26, SMALL, 3);
  const title = wrap(lane.label, labels - 26, 12, 2);
  const needed = middle - top + BAR / 2 + 10 + lines * LEADING + 6;
  const height = Math.max(needed, head + 30 + (title.length + apart.length + notes.length) * 14);
  const tests = layTests(lane.tests, x, middle, width);
  return {
    lane,
    top,
    middle,
    height,
    bars,
    tests,
    title,
    apart,
    notes,
    now: board.axis?.zero ? x(lane.now) : null,
    end: layEnd(lane.end, bars, x, width, middle),
  };
}

function layBar(bar, next, x, width, middle) {
  const left = x(bar.start) + 1;
  const right = Math.max(left + 3, Math.min(x(bar.end), width - 2) - 1);
  const high = Math.max(4, (BAR * Math.min(100, bar.share ?? 100)) / 100);
  const room = Math.max(0, (next ? x(next.start) : Math.min(width, right + 190)) - left - 8);
  const inside =
    bar.given || high >= THIN ? nameInside(bar, right - left, room) : { name: "", mark: "" };
  const under = textUnder(bar, room, inside.name);
  const isNamed = inside.name || under.some(({ kind }) => kind === "name");
  if (bar.given && !isNamed) inside.name = cut(String(bar.line), right - left - 2 * PAD + 8, NAME_SIZE, true);
  return {
    bar,
    left,
    right,
    top: middle - high / 2,
    high,
    strip: middle + BAR / 2 + 5,
    whisker: layWhisker(bar, x, width),
    last: !next,
    under,
    ...inside,
  };
}

// The class code goes first, then the number of the bar; the name is shortened last.
function nameInside(bar, width, under) {
  const room = width - 2 * PAD;
  const names = [bar.name, bar.short || bar.name];
  const marks = bar.given ? [] : [`${bar.code ?? ""} ${bar.mark ?? bar.id}`.trim(), bar.mark ?? bar.id];
  for (const name of names) {
    const wide = widthOf(name, NAME_SIZE, true);
    const mark = marks.find((each) => wide + 10 + widthOf(each, SMALL) <= room);
    if (mark || wide <= room + 8) return { name, mark: mark ?? "" };
  }
  const below = widthOf(names[1], SMALL, true) <= under; // whole under the bar is better than cut in it
  return { name: below ? "" : cut(names[1], room + 8, NAME_SIZE, true), mark: "" };
}

function textUnder(bar, room, name) {
  const lines = [];
  const short = bar.short || bar.name;
  const whole = name === bar.name || name === short;
  if (!whole) lines.push({ text: cut(short, room, SMALL, true), kind: "name" });
  const reason = (bar.reason ?? []).join(" · ");
  const most = bar.given ? 2 : 3 - lines.length;
  for (const text of wrap(reason, room, SMALL, Math.min(2, most)))
    lines.push({ text, kind: "reason" });
  const figure = bar.lack
    ? firstThatFits([bar.figure, bar.lack], room, SMALL)
    : figureThatFits(bar.figure ?? "", room);
  if (figure) lines.push({ text: figure, kind: bar.lack ? "tu" : "figure" });
  return lines.filter((line) => line.text);
}

// "8.6 mo (4.1-10.8), 76 start": the share goes first, then the interval.
function figureThatFits(figure, room) {
  const shorter = [
    figure,
    figure.replace(/[,·][^,·]*$/, "").trim(),
    figure.replace(/\s*\(.*$/, "").trim(),
  ];
  return firstThatFits(shorter, room, SMALL);
}

function layWhisker(bar, x, width) {
  if (bar.given || bar.lack || bar.median === null || bar.median === undefined) return null;
  const at = (months) => Math.min(width - 4, x(bar.start + months));
  const open = bar.low === null || bar.low === undefined;
  const noEnd = !open && (bar.high === null || bar.high === undefined);
  return {
    dot: at(bar.median),
    open,
    low: open ? null : at(bar.low),
    high: open ? null : noEnd ? width - 4 : at(bar.high),
    beyond: !open && (noEnd || x(bar.start + bar.high) > width - 4),
  };
}

// A label stands to the right of its point, clear of the line "now"; one that would cover the next is left out.
function layTests(tests, x, middle, width) {
  return tests.map((test, index) => {
    const at = x(test.month);
    const next = index + 1 < tests.length ? x(tests[index + 1].month) - 6 : width;
    return { test, at, middle, label: firstThatFits([test.label], next - at - 4, SMALL) };
  });
}

function layEnd(end, bars, x, width, middle) {
  if (!end) return null;
  const last = bars.at(-1);
  const at = Math.max(x(end.month), last ? last.right + 1 : 0) + 5;
  const extra = last?.bar.lack ? widthOf(last.bar.lack, SMALL, true) + 10 : 0;
  const fits = at + extra + 12 + widthOf(end.label, SMALL) < width;
  return { at: Math.min(at + extra, width - 6), middle, label: end.label, fits };
}

/** The bar or test one key away: Left, Right, Home, End in the lane, Up and Down by month. */
export function neighbour(board, id, key) {
  const rows = board.lanes.map((lane, row) => stops(lane, row));
  const row = rows.findIndex((stop) => stop.some((each) => each.id === id));
  if (row < 0) return rows.flat()[0]?.id ?? null;
  const column = rows[row].findIndex((each) => each.id === id);
  const here = rows[row][column];
  if (key === "Home") return rows[row][0].id;
  if (key === "End") return rows[row].at(-1).id;
  if (key === "ArrowLeft") return rows[row][column - 1]?.id ?? id;
  if (key === "ArrowRight") return rows[row][column + 1]?.id ?? id;
  const other = rows[row + (key === "ArrowUp" ? -1 : 1)];
  return other?.length ? nearest(other, here.month).id : id;
}

/** What the arrow keys visit in a lane, by month: its bars, and the tests that have a card. */
export function stops(lane, row) {
  const bars = lane.bars.map((bar) => ({ id: bar.id, month: bar.start }));
  const tests = lane.tests
    .map((test, index) => ({ id: testId(row, index), month: test.month - 0.01, card: test.card }))
    .filter((test) => test.card);
  return [...bars, ...tests].sort((one, other) => one.month - other.month);
}

/** A test's own id on the board; only bars are given one by Python. */
export function testId(row, index) {
  return `test-${row}-${index}`;
}

function nearest(list, month) {
  return list.reduce((best, each) =>
    Math.abs(each.month - month) < Math.abs(best.month - month) ? each : best,
  );
}
