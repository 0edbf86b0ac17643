// The whole page: header, rail, and the answer in this order: sentence, what is wrong or urgent, board, options.
import { drawBoard } from "./board.js";
import { drawCard } from "./card.js";
import { drawCode } from "./codes.js";
import { drawCompare, drawThenAndNow } from "./compare.js";
import { drawCase } from "./case.js";
import { asItIs, bold, BUSY, doButton, h, link, sendButton } from "./dom.js";
import { drawDownloads } from "./downloads.js";
import { drawEvidence } from "./evidence.js";
import { drawLost } from "./heartbeat.js";
import { drawOptions } from "./options.js";
import { drawOutcomes } from "./outcomes.js";
import { drawPresent } from "./present.js";
import { drawRail } from "./rail.js";

/** Everything, from one page value. */
export function drawPage(view) {
  view.whole = true; // the card has a place of its own
  if (!view.page.day || (view.state.arriving && !view.state.lost))
    return h("div", { class: "page" }, h("p", { class: "empty" }, "Reading the knowledge …"));
  const mode = MODES.find(({ id }) => id === view.page.mode) ?? MODES[0];
  return h(
    "div",
    { class: "page" },
    h("a", { class: "skip", href: `#${view.uid}-main` }, "Skip to the answer"),
    mode.alone ? null : drawHeader(view),
    drawLost(view),
    mode.draw(view),
  );
}

// Each mode shows the same state in its own way.
const MODES = [
  { id: "study", label: "Study", draw: drawStudy },
  { id: "present", label: "Present", draw: drawPresent, alone: true },
  { id: "case", label: "Case", draw: (view) => drawCase(view, { errors, debates }) },
  { id: "compare", label: "Compare", draw: (view) => drawCompare(view, [errors(view.page)]) },
];

function drawStudy(view) {
  return h("div", { class: "study" }, drawRail(view), drawMain(view));
}

function modes({ page }) {
  const one = ({ id, label }) =>
    sendButton(label, { type: "mode", to: id }, { "aria-pressed": String(id === (page.mode ?? "study")), "data-key": `mode-${id}` });
  return MODES.length > 1 ? h("nav", { class: "modes", "aria-label": "Modes" }, MODES.map(one)) : null;
}

const THEME_WORDS = { light: "light", dark: "dark", contrast: "high contrast" };

function drawHeader(view) {
  const { page, state } = view;
  return h(
    "header",
    { class: "top" },
    h("h1", {}, "MBC workbook"),
    modes(view),
    h("span", { class: "sub s edition" }, `edition ${page.edition}`),
    h(
      "p",
      { class: "teaching" },
      "For teaching. Invented patients. Not advice on the care of a person.",
    ),
    h("span", { class: "busy", role: "status" }, state.busy ? BUSY : ""),
    h(
      "span",
      { class: "tools" },
      drawCode(view),
      drawDownloads(view),
      sendButton("Undo", page.can_undo ? { type: "undo" } : null, { "data-key": "undo" }),
      sendButton("Redo", page.can_redo ? { type: "redo" } : null, { "data-key": "redo" }),
      doButton(`Theme: ${THEME_WORDS[state.theme]}`, "theme", { "data-key": "theme" }),
    ),
  );
}

function drawMain(view) {
  const { page, state } = view;
  return h(
    "main",
    { class: "main", id: `${view.uid}-main`, tabindex: -1, "aria-busy": String(state.busy) },
    first(view),
    h("div", { class: "answer" }, drawOptions(view), drawCard(view)),
    h("div", { class: "after" }, tests(page), supportive(view), trialsOnly(view)),
    outcomes(view),
    drawThenAndNow(view),
    debates(view),
    drawEvidence(view),
    limits(page),
  );
}

function first(view) {
  const here = view.root.querySelector("[data-mbc='first']");
  // What was chosen in it and not taken over must be set back.
  if (!view.settled.has("first") || here?.contains(document.activeElement)) return drawFirst(view);
  view.parts.first = () => drawFirst(view);
  return asItIs("div", "first");
}

// What the reader looks for after a change; it comes, and is drawn, before the rest.
function drawFirst(view) {
  const { page } = view;
  view.parts.first = () => drawFirst(view);
  view.settled.add("first");
  return h(
    "div",
    { class: "first", "data-mbc": "first", "data-key": "first" },
    h("p", { class: "sentence", role: "status", "aria-live": "polite" }, bold(page.sentence)),
    h(
      "div",
      { class: "print-only" },
      (page.patient ?? []).join("; "),
      `. ${page.day_label}, ${page.regulator}${page.body ? `, guidelines of ${page.body_label}` : ""}.${page.code ? ` Code ${page.code}` : ""}`,
    ),
    errors(page),
    warnings(page),
    prompts(page),
    drawBoard(view),
  );
}

function outcomes(view) {
  if (!view.settled.has("outcomes")) return drawOutcomes(view);
  view.parts.outcomes = () => drawOutcomes(view);
  return asItIs("section", "outcomes");
}

function errors(page) {
  const one = ({ text, actions }) =>
    h(
      "div",
      { class: "notice no" },
      h("p", {}, bold(text)),
      (actions ?? []).length
        ? h(
            "div",
            { class: "flips" },
            actions.map(({ label, send }) => sendButton(label, send, { "data-key": label })),
          )
        : null,
    );
  return h(
    "div",
    { class: "errors", role: "alert", "data-mbc": "errors" },
    (page.errors ?? []).map(one),
  );
}

function warnings(page) {
  if (!page.warnings?.length) return null;
  const [first, ...rest] = page.warnings;
  const one = ({ text }) => h("p", {}, h("b", {}, "Note: "), bold(text));
  const more =
    rest.length > 1
      ? h(
          "details",
          { class: "rest" },
          h("summary", {}, `${rest.length} more notes`),
          rest.map(one),
        )
      : rest.map(one);
  return h(
    "section",
    { class: "notice warn", "aria-label": "Notes on this patient", "data-key": "notes" },
    one(first),
    more,
  );
}

function prompts(page) {
  if (!page.prompts?.length) return null;
  return h(
    "section",
    { class: "notice ask", "aria-label": "Before any drug", "data-mbc": "prompts", "data-key": "prompts" },
    h("h2", {}, "Before any drug"),
    h(
      "ul",
      {},
      page.prompts.map(({ text, source, url }) =>
        h(
          "li",
          {},
          bold(text),
          source ? h("span", { class: "sub" }, " ", link(source, url)) : null,
        ),
      ),
    ),
  );
}

function tests(page) {
  if (!page.tests?.length) return null;
  const one = (test) =>
    h(
      "li",
      { "data-key": test.label },
      h("p", {}, h("b", {}, test.label), " ", bold(test.because)),
      test.unlocks?.length
        ? h("p", {}, h("span", { class: "k" }, "Would open "), test.unlocks.join(", "), ".")
        : null,
      h(
        "div",
        { class: "flips" },
        (test.send ?? []).map(({ label, send }) =>
          sendButton(label, send, { class: "flip", "data-key": label }),
        ),
      ),
    );
  return h(
    "section",
    { class: "tests", "data-mbc": "tests", "aria-label": "Tests to order" },
    h("h2", {}, "Tests that could change the answer"),
    h("ul", {}, page.tests.map(one)),
  );
}

function supportive(view) {
  const one = ({ text, source, url }) => [
    bold(text),
    source ? h("span", { class: "sub" }, " ", link(source, url)) : null,
  ];
  return longList(view, "supportive", "Supportive care", view.page.supportive, one);
}

function trialsOnly(view) {
  const one = ({ text }) => bold(text);
  return longList(view, "trials-only", "Only in clinical trials", view.page.trials_only, one);
}

function debates(view) {
  if (!view.page.debates?.length) return null;
  const fact = ({ name, text, url }) => h("li", {}, url ? link(name, url) : name, `: ${text}`);
  const side = ({ says, evidence }) =>
    h("li", {}, says, evidence.length ? h("ul", {}, evidence.map(fact)) : null);
  const one = ({ id, question, sides, settled_by }) =>
    h(
      "details",
      { "data-fold": `debate-${id}`, "data-key": id, open: view.printing || (view.state.open.get(`debate-${id}`) ?? false) },
      h("summary", {}, question),
      h("ol", {}, sides.map(side)),
      h("p", { class: "sub" }, h("span", { class: "k" }, "Would settle it: "), `${settled_by}.`),
    );
  return h(
    "section",
    { class: "debates", "data-mbc": "debates", "data-key": "debates", "aria-label": "Open debates" },
    h("h2", {}, "Open debates"),
    h("p", { class: "sub" }, "Sides with the figures of this day; no side is called right."),
    view.page.debates.map(one),
  );
}

const FIRST = 5;

/** A section with a list of which the first few are shown until all are asked for. */
function longList(view, id, title, items, draw) {
  if (!items?.length) return null;
  const all = view.state.all.has(id);
  const shown = all ? items : items.slice(0, FIRST);
  return h(
    "section",
    { class: id, "data-mbc": id, "data-key": id, "aria-label": title },
    h("h2", {}, title),
    h(
      "ul",
      {},
      shown.map((item) => h("li", {}, draw(item))),
    ),
    items.length > FIRST
      ? doButton(all ? `Show the first ${FIRST}` : `Show all ${items.length}`, "all", {
          "data-value": id,
          class: "more",
          "aria-expanded": String(all),
          "aria-label": all
            ? `Show the first ${FIRST} of ${title}`
            : `Show all ${items.length} of ${title}`,
        })
      : null,
  );
}

function limits(page) {
  const parts = [page.assumptions, page.figures_note].filter(Boolean);
  return h(
    "section",
    { class: "limits s sub", "aria-label": "Limits" },
    parts.map((text) => h("p", {}, bold(text))),
    h(
      "p",
      {},
      "This workbook teaches. It does not advise on the care of a person, and no figure here predicts how long someone will live.",
    ),
  );
}
