// Three clocks, a row per regimen: first report, licence, first recommendation; a row opens to the facts behind it.
import { bold, doButton, h, link, paletteClass, svg, swatch } from "./dom.js";
import { drawTable } from "./figure.js";
import { wrap } from "./fit.js";

const HIGH = 24;

/** The rows under their axis, with legend, sentence and table. */
export function drawClocks(view, clocks) {
  const all = view.state.all.has("clocks");
  const table = view.state.all.has("table-clocks");
  const rows = rowsShown(view, clocks);
  const more = clocks.rows.length - clocks.rows.filter(({ first }) => first).length;
  const at = scale(clocks);
  return h(
    "section",
    { class: "clocks", "data-mbc": "clocks", "data-key": "clocks", "aria-label": clocks.title },
    h(
      "div",
      { class: "board-head" },
      h("h2", {}, clocks.title),
      h("span", { class: "sub s" }, [clocks.regulator, clocks.patient && `for ${clocks.patient}`].filter(Boolean).join(", ")),
      h("span", { class: "board-tools" }, toggle(table ? "Hide table" : "Table", "table-clocks", table, clocks.title)),
    ),
    legend(view),
    h("p", { class: "s told" }, bold(clocks.sentence)),
    h("div", { class: "clock-axis", "aria-hidden": "true" }, h("span", {}), axis(clocks, at), h("span", {})),
    h("div", { class: "clock-rows" }, rows.map((row) => drawRow(view, row, clocks, at))),
    more > 0 ? toggle(all ? "Show fewer" : `Show all ${clocks.rows.length}`, "clocks", all, clocks.title, "more") : null,
    h("p", { class: "xs sub limits-note" }, clocks.note),
    table ? drawTable(clocks) : null,
  );
}

function rowsShown({ printing, state }, { rows }) {
  return printing || state.all.has("clocks") ? rows : rows.filter(({ first }) => first);
}

const NAMES = 220; // px of the picture for the names, and for the words beside the strips
const WORDS = 276;
const TOP = 32;

/** The rows that are shown as one drawing, for a picture that opens alone. */
export function clocksDrawing(view, clocks, width) {
  const at = scale(clocks);
  const wide = width - NAMES - WORDS;
  const placed = (drawing, y, height) => {
    for (const [name, value] of Object.entries({ x: NAMES, y, width: wide, height })) drawing.setAttribute(name, value);
    return drawing;
  };
  let y = TOP;
  const rows = rowsShown(view, clocks).map((row) => {
    const [name, words] = [wrap(row.name, NAMES - 30, 12, 2), wrap(row.words, WORDS - 12, 11, 3)];
    const high = Math.max(HIGH, 4 + 13 * Math.max(name.length, words.length));
    const drawn = pictureRow(row, { y, name, words, wide }, placed(strip(view, row, clocks, at), y, high));
    y += high;
    return drawn;
  });
  const years = placed(axis(clocks, at), 0, TOP);
  return svg("svg", { class: "lanes", width, height: y, viewBox: `0 0 ${width} ${y}`, role: "img", "aria-label": clocks.sentence.replaceAll("**", "") }, years, rows);
}

function pictureRow(row, { y, name, words, wide }, drawn) {
  const square = svg("g", { class: `bar ${paletteClass(row.palette)}` }, svg("rect", { class: "body", x: 0.5, y: y + 6.5, width: 10, height: 10 }));
  const test = svg("path", { class: "dia", d: `M5.5 ${y + 7}l4.5 5l-4.5 5l-4.5 -5z` });
  const text = (kind, x) => (each, line) => svg("text", { class: kind, x, y: y + 16 + line * 13 }, each);
  return svg("g", {}, row.palette ? square : test, name.map(text("b s", 19)), drawn, words.map(text("t2 xs", NAMES + wide + 12)));
}

function toggle(label, what, open, title, kind = "") {
  return doButton(label, "all", { class: kind || null, "data-value": what, "data-key": what, "aria-expanded": String(open), "aria-label": `${label}: ${title}` });
}

// Places in percent, so that a row is as wide as its column whatever the page.
function scale({ from, to }) {
  const first = Date.parse(from);
  const span = Date.parse(to) - first;
  const share = (day) => Math.min(100, Math.max(0, ((Date.parse(day) - first) / span) * 100));
  return (day) => `${share(day).toFixed(2)}%`;
}

function years({ from, to }) {
  const list = [];
  for (let year = Number(from.slice(0, 4)); year < Number(to.slice(0, 4)); year += 1) list.push(year);
  return list;
}

function axis(clocks, at) {
  const days = clocks.days.map((day, index) =>
    svg("text", { class: "b xs", x: at(day), y: 27, dx: Number.parseFloat(at(day)) > 80 ? -5 : 5, "text-anchor": Number.parseFloat(at(day)) > 80 ? "end" : "start" }, clocks.day_labels[index]),
  );
  const label = (year, index) => svg("text", { class: `t2 xs year-${index % 2}`, x: at(`${year}-01-01`), dx: 3, y: 11 }, String(year));
  return svg("svg", { class: "lanes", height: 32, width: "100%" }, days, years(clocks).map(label), lines(clocks, at, 15, 32));
}

function lines(clocks, at, top, bottom) {
  return [
    years(clocks).map((year) => svg("line", { class: "grid", x1: at(`${year}-01-01`), x2: at(`${year}-01-01`), y1: 0, y2: bottom })),
    clocks.days.map((day) => svg("line", { class: "ink", x1: at(day), x2: at(day), y1: top, y2: bottom })),
  ];
}

function drawRow(view, row, clocks, at) {
  const id = `clock-${row.id}`;
  const open = Boolean(view.printing) || (view.state.open.get(id) ?? false);
  return h(
    "details",
    { class: row.palette ? "clock" : "clock test-row", "data-key": id, "data-fold": id, open },
    h(
      "summary",
      { "aria-label": row.spoken },
      h("span", { class: "clock-name" }, row.palette ? swatch(row.palette) : diamond(), h("b", {}, row.name)),
      strip(view, row, clocks, at),
      h("span", { class: "clock-words sub" }, row.words),
    ),
    facts(row),
  );
}

function diamond() {
  return svg("svg", { class: "lanes sample", width: 11, height: 12, "aria-hidden": "true" }, svg("path", { class: "dia", d: "M5.5 1l4.5 5l-4.5 5l-4.5 -5z" }));
}

function strip(view, row, clocks, at) {
  const middle = HIGH / 2;
  return svg(
    "svg",
    { class: "lanes clock-strip", height: HIGH, width: "100%", "aria-hidden": "true" },
    lines(clocks, at, 0, view.size === "phone" ? HIGH : HIGH + 14), // through to the next row
    waiting(row, at, middle),
    row.bars.map((bar) => drawBar(view, row, bar, at)),
    mark(row.reported, at, (x) => svg("circle", { class: "open", cx: x, cy: middle, r: 4.2 })),
    mark(row.recommended, at, (x) => svg("rect", { class: "open", x, y: middle - 4.5, width: 9, height: 9, transform: "translate(-4.5 0)" })),
    mark(row.pending, at, (x) => svg("text", { class: "b m tu halo", x, y: middle + 4.5, "text-anchor": Number.parseFloat(x) > 97 ? "end" : "middle" }, "?")),
  );
}

function mark(fact, at, draw) {
  return fact && !fact.before ? draw(at(fact.day)) : null;
}

// From the report to the licence, or to the decision that is due.
function waiting({ reported, bars, pending }, at, middle) {
  const until = bars.map((bar) => bar.from).sort()[0] ?? pending?.day;
  if (!reported || !until || until <= reported.day) return null;
  return svg("line", { class: "wait", x1: at(reported.day), x2: at(until), y1: middle, y2: middle });
}

function drawBar(view, row, bar, at) {
  if (bar.kind === "test") return svg("line", { class: "advised", x1: at(bar.from), x2: at(bar.to), y1: HIGH / 2, y2: HIGH / 2 });
  const code = paletteClass(row.palette);
  const classes = ["bar", code, bar.kind === "others" && "others", bar.unverified && "loose"].filter(Boolean).join(" ");
  const fill = bar.kind === "others" ? "none" : bar.unverified ? `url(#${view.uid}-${code.slice(2)})` : null;
  const left = Number.parseFloat(at(bar.from));
  const width = Math.max(0.3, Number.parseFloat(at(bar.to)) - left);
  return svg("g", { class: classes }, svg("rect", { class: "body", x: `${left}%`, width: `${width.toFixed(2)}%`, y: 5, height: HIGH - 10, fill }));
}

function facts({ facts: list }) {
  const one = ({ term, text, source, url }) => [
    h("dt", {}, term),
    h("dd", {}, text, source ? h("span", { class: "sub" }, " ", link(source, url)) : null),
  ];
  return h("dl", { class: "clock-facts s" }, list.length ? list.map(one) : [h("dt", {}, "Facts"), h("dd", {}, "no dated fact was read")]);
}

function legend(view) {
  const sample = (width, ...shapes) => svg("svg", { class: "lanes sample", width, height: 14, "aria-hidden": "true" }, shapes);
  const entry = (drawn, words) => h("span", {}, drawn, words);
  const bar = (kind, fill) =>
    sample(28, svg("g", { class: `bar c-serd ${kind}` }, svg("rect", { class: "body", x: 1, y: 2, width: 26, height: 10, fill })));
  return h(
    "div",
    { class: "legend" },
    entry(sample(11, svg("circle", { class: "open", cx: 5.5, cy: 7, r: 4.2 })), "first reported"),
    entry(bar("", null), "allowed for such a patient, coloured by class"),
    entry(bar("others", "none"), "allowed for others"),
    entry(bar("loose", `url(#${view.uid}-serd)`), "day not known or not verified"),
    entry(sample(11, svg("rect", { class: "open", x: 1, y: 2.5, width: 9, height: 9 })), "first recommended by a body heard"),
    entry(h("b", { class: "unverified" }, "?"), " decision pending"),
  );
}
