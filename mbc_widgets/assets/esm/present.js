// A view for a lecture hall: a question, the lanes of the board with what was not yet asked for hidden, and a count of hands.
//
// Which step the room has reached, which lanes are up and how many hands were counted is known to this page alone; the browser
// keeps it through a reload, and a lecture's link may name the step (#step=3).
import { sinceDiagnosis } from "./aligned.js";
import { bold, doButton, h, paletteClass, sendButton, svg } from "./dom.js";
import { cut, firstThatFits, wrap } from "./fit.js";
import { hatches } from "./lanes.js";

const KEY = "mbc-present";
const MOST_LANES = 3;

/** The whole mode; header and rail are away. */
export function drawPresent(view) {
  const { page } = view;
  const talk = talkOf(view);
  return h(
    "main",
    { class: "present", id: `${view.uid}-main`, tabindex: -1, "data-mbc": "present", "aria-label": "Present" },
    hatches(view.uid),
    h(
      "header",
      {},
      h("h1", {}, page.present.question),
      h("p", { class: "when" }, `${page.day_label}, ${page.regulator}${page.body ? `, ${page.body_label}` : ""}`),
    ),
    h("div", { class: "person" }, h("p", {}, page.present.patient[0]), h("p", {}, h("b", {}, page.present.patient[1])), page.present.patient.slice(2).map((line) => h("p", { class: "t2" }, line))),
    view.size === "phone" ? null : stage(view, talk),
    h("div", { class: "room" }, hands(view, talk), answer(view, talk)),
    talk.table ? table(view, talk) : null,
    foot(view, talk),
  );
}

/** What this page knows of the lecture; another question begins anew. */
export function talkOf({ page, state }) {
  const about = `${page.present.question} ${page.day} ${page.regulator} ${page.present.patient.join(" ")}`;
  if (state.talk?.about !== about) {
    const kept = read();
    const fresh = { about, step: linkedStep() ?? 0, hands: {}, table: false, lanes: page.present.lanes };
    state.talk = kept?.about === about ? { ...fresh, ...kept, step: linkedStep() ?? kept.step } : fresh;
  }
  state.talk.step = Math.min(Math.max(0, state.talk.step), page.present.steps.length);
  return state.talk;
}

function stage(view, talk) {
  const { board } = view.page;
  const lanes = board.lanes.filter(({ letter }) => talk.lanes.includes(letter)).map(sinceDiagnosis);
  if (!lanes.length) return h("p", { class: "empty" }, "No drug sequence fits: supportive and palliative care.");
  return drawStage(view, lanes, shownLines(view, talk));
}

function shownLines({ page }, talk) {
  return talk.step ? page.present.steps[talk.step - 1].lines : 0;
}

// Sizes are in units of a page 1840 wide: on a screen of 1920 a letter of 24 has 24 pixels.
const WIDE = 1840;
const LABELS = 290;
const LANE = 196;
const BAR = 76;
const AXIS = 52;
const HIDDEN = 9; // months: every hidden line is as long, so that nothing is given away
const TYPE = 24;

function drawStage(view, lanes, shown) {
  const { board } = view.page;
  const now = board.since ?? board.now;
  const laid = lanes.map((lane) => place(lane, shown));
  const first = Math.min(0, ...lanes.flatMap((lane) => lane.bars.map(({ start }) => start)));
  const last = Math.max(...laid.map((bars) => bars.at(-1)?.end ?? 0), now + 12);
  const x = (month) => LABELS + ((month - first) / (last - first)) * (WIDE - LABELS - 24);
  const high = AXIS + lanes.length * LANE;
  const ticks = [];
  for (let month = 0; month <= last; month += 12) ticks.push(month);
  return svg(
    "svg",
    {
      class: "lanes stage",
      viewBox: `0 0 ${WIDE} ${high}`,
      role: "img",
      "aria-label": laid.map((bars, at) => spokenLane(lanes[at], bars)).join(" "),
    },
    ticks.map((month) => [
      svg("line", { class: "grid", x1: x(month), x2: x(month), y1: AXIS - 8, y2: high }),
      Math.abs(x(month) - x(now) - 30) < 70
        ? null
        : svg("text", { class: "p-text t2", x: x(month), y: 28, "text-anchor": "middle" }, month ? String(month) : "0 months"),
    ]),
    laid.map((bars, at) => drawLane(view, lanes[at], bars, AXIS + at * LANE, x)),
    svg("line", { class: "ink now-line", x1: x(now), x2: x(now), y1: 8, y2: high }),
    svg("text", { class: "p-text b", x: x(now) + 10, y: 28 }, "now"),
  );
}

// Lines that are not yet asked for follow the shown ones, all of one length.
function place(lane, shown) {
  const planned = lane.bars.filter(({ given }) => !given);
  const bars = lane.bars.filter((bar) => bar.given || planned.indexOf(bar) < shown);
  let end = Math.max(0, ...bars.map((bar) => bar.end));
  return [
    ...bars,
    ...planned.slice(shown).map((bar) => {
      end += HIDDEN;
      return { ...bar, hidden: true, start: end - HIDDEN, end };
    }),
  ];
}

function spokenLane(lane, bars) {
  const said = bars.map((bar) => (bar.hidden ? "hidden" : `${bar.name}${bar.given ? ", given" : ""}`));
  return `Sequence ${lane.letter}, ${lane.label}: ${said.join(", then ")}.`;
}

function drawLane(view, lane, bars, top, x) {
  const middle = top + 18 + BAR / 2;
  return svg(
    "g",
    { "data-key": `lane-${lane.letter}` },
    svg("text", { class: "p-letter", x: 0, y: middle + 12 }, lane.letter),
    wrap(lane.label, LABELS - 70, TYPE, 2).map((text, at) =>
      svg("text", { class: "p-text b", x: 46, y: middle - 4 + at * 28 }, text),
    ),
    bars.map((bar, at) => drawBar(view, bar, bars[at + 1], x, middle)),
  );
}

function drawBar(view, bar, next, x, middle) {
  const [left, right] = [x(bar.start) + 2, Math.max(x(bar.start) + 6, x(bar.end) - 2)];
  const high = Math.max(30, (BAR * Math.min(100, bar.share ?? 100)) / 100);
  const shape = { x: left, y: middle - high / 2, width: right - left, height: high };
  if (bar.hidden)
    return svg(
      "g",
      { class: "p-hidden", "data-key": `${bar.id}-hidden` },
      svg("rect", shape),
      svg("text", { class: "p-text b", "text-anchor": "middle", x: (left + right) / 2, y: middle + 9 }, "?"),
    );
  const room = (next ? x(next.start) : WIDE) - left - 8;
  const name = nameThatFits(bar, right - left - 24);
  const under = bar.given ? (cut("given", room, TYPE) === "given" ? ["given"] : []) : wrap((bar.reason ?? [])[0] ?? "", room, TYPE, 2);
  const figure = bar.given ? "" : firstThatFits(bar.lack ? [bar.lack] : shortFigures(bar.figure), room, TYPE);
  const top = middle + BAR / 2 + 30;
  const lines = name ? under : [cut(bar.short, room, TYPE, true), ...under].slice(0, 2);
  return svg(
    "g",
    { class: ["bar", paletteClass(bar.palette), bar.given && "given", bar.hatched && "loose"].filter(Boolean).join(" "), "data-key": bar.id },
    svg("rect", { class: "body", ...shape, fill: bar.hatched ? `url(#${view.uid}-${bar.palette})` : null }),
    bar.given ? svg("rect", { class: "block", x: left, y: shape.y, width: 14, height: high }) : null,
    name ? svg("text", { class: `p-name${bar.given ? " p-given" : ""}`, x: left + (bar.given ? 26 : 14), y: middle + 9 }, name) : null,
    lines.map((text, at) => svg("text", { class: "p-text", x: left, y: top + at * 28 }, text)),
    figure ? svg("text", { class: "p-text t2", x: left, y: top + lines.length * 28 }, figure) : null,
  );
}

function nameThatFits(bar, room) {
  for (const name of [bar.name, bar.short]) if (cut(name, room, 26, true) === name) return name;
  return "";
}

// "13.2 mo (11.4-15.2), blinded review, 76 of 100 start": the months alone are read from the back row.
function shortFigures(figure) {
  const [whole] = figure.split(",");
  const median = whole.replace(/\s*\(.*$/, "");
  return [whole.replace(" mo", " months"), median.replace(" mo", " months"), median];
}

function hands(view, talk) {
  const listed = view.page.present.hands;
  const most = Math.max(1, ...listed.map((_, at) => talk.hands[at] ?? 0));
  return h(
    "section",
    { class: "hands", "aria-label": "Show of hands" },
    h("h2", {}, "Show of hands"),
    h(
      "ol",
      {},
      listed.map((label, at) => {
        const count = talk.hands[at] ?? 0;
        return h(
          "li",
          { "data-key": `hand-${at}` },
          doButton(String(at + 1), "hand", { "data-value": at, "aria-label": `One more hand for ${label}`, class: "key" }),
          h("span", { class: "what" }, label),
          h("b", { class: "count" }, String(count)),
          h("i", { class: "tally", style: `--share:${(100 * count) / most}%`, "aria-hidden": "true" }),
        );
      }),
    ),
  );
}

function answer(view, talk) {
  const { steps } = view.page.present;
  const step = steps[talk.step - 1];
  const left = steps.length - talk.step;
  return h(
    "section",
    { class: "answers", "aria-label": "Answer" },
    (view.page.errors ?? []).map(({ text }) => h("p", { class: "unmet", role: "alert" }, bold(text))),
    h("h2", {}, step ? `${step.title} ` : "The answer is hidden ", h("span", { class: "t2" }, `step ${talk.step} of ${steps.length}`)),
    h("div", { role: "status", "aria-live": "polite" }, step ? texts(step, talk) : null),
    left
      ? h(
          "p",
          { class: "closed" },
          talk.step ? `${steps[talk.step].lines > step.lines && step.lines ? "The next line" : "What comes next"} is hidden. Press ` : "Press ",
          doButton("Space", "talk", { "data-value": "next", class: "key", "aria-label": "Next step" }),
        )
      : null,
  );
}

// Lanes with the same words are told once.
function texts({ texts: told }, talk) {
  const shown = told.filter(({ letter }) => !letter || talk.lanes.includes(letter));
  const together = new Map();
  for (const { letter, text } of shown) together.set(text, [...(together.get(text) ?? []), letter].filter(Boolean));
  return [...together].map(([text, letters]) =>
    h("p", {}, letters.length ? h("b", { class: "which" }, `${letters.join(", ")} `) : null, bold(text)),
  );
}

// The steps so far as a table: nothing that was not yet asked for stands in it.
function table(view, talk) {
  const rows = view.page.present.steps.slice(0, talk.step).flatMap(({ title, texts: told }) =>
    told.filter(({ letter }) => !letter || talk.lanes.includes(letter)).map(({ letter, text }) => [title, letter, text.replaceAll("**", "")]),
  );
  return h(
    "div",
    { class: "scroller", role: "region", "aria-label": "The steps so far as a table", tabindex: 0 },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ["step", "sequence", "what was shown"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell))))),
    ),
  );
}

const KEYS = [
  ["Space", "next", "next"],
  ["B", "back", "back"],
  ["T", "table", "table"],
  ["R", "hands to 0", "hands"],
];

function foot(view, talk) {
  const { page } = view;
  const lanes = page.board.lanes.map(({ letter, label }) =>
    doButton(letter, "talk-lane", {
      "data-value": letter,
      "aria-pressed": String(talk.lanes.includes(letter)),
      "aria-label": `Sequence ${letter}, ${label}`,
      class: "key",
    }),
  );
  return h(
    "footer",
    {},
    h("p", {}, "Medians of separate trials: ", h("b", {}, "do not add up.")),
    h(
      "div",
      { class: "keys" },
      lanes.length > 1 ? h("span", { role: "group", "aria-label": "Sequences shown, three at most" }, lanes) : null,
      KEYS.map(([key, words, what]) =>
        h("span", {}, doButton(key, "talk", { "data-value": what, class: "key", "aria-label": words }), ` ${words}`),
      ),
      h("span", {}, sendButton("Esc", { type: "mode", to: "study" }, { class: "key", "aria-label": "Leave", "data-key": "leave" }), " leave"),
    ),
    h("p", {}, page.code ? ["Code ", h("code", { class: "b" }, page.code), ". "] : null, "For teaching. Invented patient."),
  );
}

const MOVES = {
  next: (talk) => ({ step: talk.step + 1 }),
  back: (talk) => ({ step: talk.step - 1 }),
  first: () => ({ step: 0 }),
  last: () => ({ step: Infinity }),
  table: (talk) => ({ table: !talk.table }),
  hands: () => ({ hands: {} }),
};

/** Does what a button or key of the lecture asks for. */
export function talkTo(view, what) {
  Object.assign(talkOf(view), MOVES[what]?.(view.state.talk));
  shown(view);
}

/** One hand more, or less, for an answer. */
export function countHand(view, at, change = 1) {
  const { hands } = talkOf(view);
  if (at >= view.page.present.hands.length) return;
  hands[at] = Math.max(0, (hands[at] ?? 0) + change);
  shown(view);
}

/** Shows or hides a lane; three at most, as more cannot be read from the back row. */
export function switchLane(view, letter) {
  const talk = talkOf(view);
  const without = talk.lanes.filter((each) => each !== letter);
  if (without.length < talk.lanes.length) {
    if (without.length) talk.lanes = without;
  } else talk.lanes = [...talk.lanes.slice(1 - MOST_LANES), letter].sort();
  shown(view);
}

function shown(view) {
  const { about, step, hands, lanes } = talkOf(view);
  write({ about, step, hands, lanes });
  if (document.body.dataset.mbcPage && window.location.hash !== `#step=${step}`)
    window.history.replaceState(window.history.state, "", `${window.location.search}#step=${step}`);
  view.redraw();
}

const BY_KEY = {
  " ": "next", ArrowRight: "next", PageDown: "next", b: "back", B: "back", ArrowLeft: "back", PageUp: "back",
  Home: "first", End: "last", t: "table", T: "table", r: "hands", R: "hands",
}; // prettier-ignore

/** A key pressed while presenting; true where it meant something. */
export function pressedInTalk(view, { key, code, shiftKey, target }) {
  if (key === " " && target.closest?.("button")) return false; // the button's own
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  if (key === "Escape") view.send({ type: "mode", to: "study" });
  else if (digit) countHand(view, Number(digit) - 1, shiftKey ? -1 : 1);
  else if (BY_KEY[key]) talkTo(view, BY_KEY[key]);
  else return false;
  return true;
}

function linkedStep() {
  const found = /^#step=(\d{1,2})$/.exec(window.location.hash)?.[1];
  return found === undefined ? null : Number(found);
}

function read() {
  try {
    return JSON.parse(window.sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(talk) {
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify(talk));
  } catch {
    // a browser that stores nothing: the lecture lasts as long as the page
  }
}
