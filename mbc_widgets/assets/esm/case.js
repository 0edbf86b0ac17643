// The mode Case: the story, the commitment, and only then what the rules offer and make of the reason.
import { drawOpenCard } from "./card.js";
import { arrived, draftOf, savedCase } from "./casework.js";
import { bold, count, doButton, h, paletteClass, sendButton, swatch, tag } from "./dom.js";
import { drawFeedback, sources } from "./feedback.js";
import { hatches } from "./lanes.js";
import { drawOptions } from "./options.js";
import { drawStrips } from "./strips.js";
import { drawSummary } from "./casesummary.js";

/** The whole of the mode; `shared` draws what all modes have: errors, debates. */
export function drawCase(view, shared) {
  const mode = view.page.case;
  const { open } = mode;
  // What is revealed takes the place of the patient of Study, so that cards and bars are those of the case.
  const none = { groups: [], line: "" };
  view.page = { ...view.page, options: open?.options ?? none, board: open?.board ?? { lanes: [] }, debates: open?.debates ?? [] };
  arrived(view);
  return h(
    "main",
    { class: "case", id: `${view.uid}-main`, tabindex: -1, "aria-busy": String(view.state.busy), "data-mbc": "case" },
    shared.errors(view.page),
    h("p", { class: "hide", role: "status", "aria-live": "polite" }, mode.told),
    open ? drawOpen(view, shared) : drawLibrary(view),
  );
}

function drawLibrary(view) {
  const mode = view.page.case;
  const kept = savedCase(view);
  const one = ({ id, title, about, objectives }) =>
    h(
      "article",
      { class: "case-card", "data-key": id },
      h("h3", {}, title),
      h("p", { class: "sub" }, `${about}. Invented patient.`),
      h("ul", {}, objectives.map((each) => h("li", {}, each))),
      sendButton("Open the case", { type: "case-open", id }, { class: "primary", "aria-label": `Open the case: ${title}`, "data-key": `open-${id}` }),
    );
  return h(
    "section",
    { class: "case-library", "data-key": "library", "aria-label": "Cases" },
    h("h2", { tabindex: -1 }, "Cases"),
    h("p", { class: "sub" }, "Commit to a line, say how sure you are and why; then the options open. Nothing is scored, and no account is needed."),
    problems(mode, "case"),
    kept
      ? h("p", { class: "case-kept" }, sendButton(`Go on with ${kept.title}`, { type: "case-resume", saved: kept.saved }, { "data-key": "resume" }))
      : null,
    h("div", { class: "case-cards" }, mode.library.map(one)),
    drawPanelSlot(view),
  );
}

function drawOpen(view, shared) {
  const { open } = view.page.case;
  const whole = open.finished ? [drawStory(view), drawSummary(view)] : [drawStory(view), drawCommit(view), drawThen(view)];
  return h(
    "div",
    { class: `case-open${open.finished ? " finished" : open.committed ? " committed" : ""}`, "data-key": `case-${open.id}` },
    h("div", { class: "case-columns" }, whole),
    open.feedback ? drawRevealed(view, shared) : null,
  );
}

function drawStory(view) {
  const { open } = view.page.case;
  const step = (each, index) =>
    h(
      "li",
      { class: each.current ? "current" : "done", "aria-current": each.current ? "step" : null, "data-key": `step-${index}` },
      h("p", {}, h("b", {}, each.when), h("span", { class: "sub" }, ` ${each.day}: `), h("b", {}, each.title)),
      h("p", {}, each.text),
      each.chose ? h("p", { class: "sub" }, each.chose) : null,
      each.then ? h("p", { class: "sub" }, `In the story: ${each.then}`) : null,
    );
  return h(
    "section",
    { class: "case-story", "aria-label": "The story", "data-key": "story" },
    h("h2", { tabindex: -1 }, open.title),
    h("p", { class: "sub s" }, `${place(open)}; ${open.about}`),
    drawStrip(open.strip),
    h(
      "ol",
      { class: "case-steps" },
      open.story.map(step),
      open.finished
        ? h("li", { class: "done", "data-key": "ending" }, h("p", {}, open.ending))
        : h("li", { class: "coming sub", "data-key": "coming" }, open.committed ? open.next.label : "Month ? What comes next is told after you commit."),
    ),
    drawKnown(open.known),
    h("p", {}, sendButton("All cases", { type: "case-close" }, { class: "quiet", "data-key": "close" })),
  );
}

function place(open) {
  return open.finished ? `all ${open.total} decisions` : `decision ${open.number} of ${open.total}`;
}

const LEAST = 6; // months that the strip shows at the least

function drawStrip({ bars, now, over, sentence }) {
  const last = Math.max(LEAST, now * (over ? 1 : 1.3));
  const share = (months) => `${((100 * Math.max(0, months)) / last).toFixed(2)}%`;
  const place = (from, to) => `left:${share(from)};width:${share(to - from)}`;
  return h(
    "div",
    { class: "case-strip", role: "img", "aria-label": sentence },
    h(
      "div",
      { class: "track", "aria-hidden": "true" },
      bars.map((bar, index) =>
        h(
          "span",
          { class: `line ${paletteClass(bar.palette)}`, style: place(bar.from, bar.to), "data-key": `line-${index}` },
          h("span", {}, bar.name),
        ),
      ),
      over ? null : h("span", { class: "ahead", style: `left:${share(now)};right:0`, "data-key": "ahead" }, "?"),
    ),
    h(
      "div",
      { class: "axis", "aria-hidden": "true" },
      h("span", {}, "0"),
      h("span", { class: over ? "end" : "", style: over ? "right:0" : `left:${share(now)}` }, `month ${now}`),
    ),
  );
}

function drawKnown(rows) {
  const one = ({ label, value, known }) =>
    h(
      "tr",
      { "data-key": label },
      h("th", { scope: "row" }, known ? label : tag(label.toLowerCase(), "ask")),
      h("td", { class: known ? null : "sub" }, value),
    );
  return h(
    "div",
    { class: "case-known" },
    h("table", {}, h("caption", {}, "Known, and not known"), h("tbody", {}, rows.map(one))),
  );
}

function drawCommit(view) {
  const { open } = view.page.case;
  const form = drawForm(view);
  return h(
    "section",
    { class: "case-commit", "aria-label": "Commit", "data-key": "commit" },
    h("h2", {}, "1. Commit ", open.committed ? null : h("span", { class: "sub s" }, "options stay closed until you do")),
    open.committed
      ? [
          drawCommitted(open.committed),
          h(
            "details",
            { class: "fold", "data-fold": `change-${open.decision}`, "data-key": "change", open: view.state.open.get(`change-${open.decision}`) ?? false },
            h("summary", {}, "Change my line"),
            form,
          ),
        ]
      : form,
  );
}

function drawCommitted({ name, sure, reason, first }) {
  return h(
    "div",
    { class: "case-committed", "data-key": "committed" },
    h("p", {}, h("span", { class: "k" }, "My line "), h("b", {}, name)),
    h("p", {}, h("span", { class: "k" }, "How sure "), sure),
    h("p", {}, h("span", { class: "k" }, "Because "), reason),
    first ? h("p", { class: "sub" }, `First answer: ${first}. It stays in the summary.`) : null,
  );
}

function drawForm(view) {
  const { open } = view.page.case;
  const entered = draftOf(view);
  const name = `${view.uid}-${open.id}-${open.decision}`;
  return h(
    "form",
    { "data-case-form": true, "data-key": `form-${name}`, "aria-label": "My commitment", novalidate: true },
    h(
      "fieldset",
      { "data-key": "choices" },
      h("legend", {}, "My next line ", h("span", { class: "sub s" }, "by name; the order says nothing")),
      open.choices.map((choice) => drawChoice(view, choice, name, entered)),
      problems(view.page.case, "choice"),
    ),
    drawSure(view, name, entered),
    drawReason(view, name, entered),
    doButton(open.committed ? "Commit the change" : "Commit and open the options", "case-commit", { class: "primary big", "data-key": "case-commit" }),
    h("p", { class: "sub s" }, "You can change your line later; the first answer stays in the summary. No name is asked for."),
  );
}

function drawSure(view, name, entered) {
  const one = (each) =>
    h(
      "label",
      { "data-key": each },
      h("input", { type: "radio", name: `${name}-sure`, value: each, checked: entered.sure === each, "data-key": `sure-${each}` }),
      h("span", {}, each),
    );
  return h(
    "fieldset",
    { class: "case-sure", "data-key": "sure" },
    h("legend", {}, "How sure"),
    h("div", { class: "picks" }, view.page.case.open.confidence.map(one)),
    problems(view.page.case, "sure"),
  );
}

function drawReason(view, name, entered) {
  const wrong = view.page.case.field === "reason" ? "true" : null;
  return h(
    "div",
    { "data-key": "because" },
    h(
      "label",
      { class: "case-reason" },
      h("span", { class: "legend" }, "Because ", h("span", { class: "sub s" }, "one sentence; the feedback is on this")),
      h("textarea", { name: `${name}-reason`, rows: 3, maxlength: 2000, "data-key": "reason-text", "aria-invalid": wrong }, entered.reason ?? ""),
    ),
    problems(view.page.case, "reason"),
  );
}

function drawChoice(view, { id, name, about, palette }, prefix, entered) {
  const typed = id === "something-else";
  const chosen = entered.choice === id;
  return h(
    "div",
    { class: "pick-row", "data-key": id },
    h(
      "label",
      { class: "pick" },
      h("input", { type: "radio", name: `${prefix}-choice`, value: id, checked: chosen, "data-key": `choice-${id}` }),
      h("span", {}, h("b", {}, name), h("span", { class: "sub s block" }, palette ? swatch(palette) : null, palette ? " " : null, about)),
    ),
    typed && chosen
      ? h("input", {
          class: "other", name: `${prefix}-other`, value: entered.other ?? "", maxlength: 120, "data-key": "other",
          "aria-label": "Something else: the drug or drugs", placeholder: "for example: olaparib",
          "aria-invalid": view.page.case.field === "other" ? "true" : null,
        })
      : null,
    typed ? problems(view.page.case, "other") : null,
  );
}

function problems({ field, problems: list }, here) {
  if (field !== here || !list.length) return null;
  return h("div", { class: "case-problem", role: "alert", "data-key": `problem-${here}` }, list.map((each) => h("p", {}, each)));
}

function drawThen(view) {
  const { open } = view.page.case;
  return h(
    "section",
    { class: "case-then", "aria-label": "Then compare", "data-key": "then" },
    h("h2", { tabindex: -1 }, "2. Then compare"),
    open.feedback
      ? drawFeedback(view)
      : h(
          "div",
          { class: "case-closed", "data-key": "closed" },
          h("p", {}, h("b", {}, "Closed. "), "After you commit: what the rules offer, what blocks the rest, and what they make of your reason."),
        ),
    problems(view.page.case, "item"),
    drawPanelSlot(view),
    open.code
      ? h("p", { class: "s", "data-key": "code" }, h("code", { class: "code case-code" }, open.code), h("span", { class: "sub" }, " your result code so far, no account"))
      : null,
  );
}

function drawPanelSlot(view) {
  const { panel } = view.page.case;
  return h(
    "div",
    { class: "case-panel", "data-key": "panel" },
    h("p", { class: "sub s" }, panel.text),
    h(
      "div",
      { class: "flips" },
      h(
        "label",
        { class: "file" },
        h("span", {}, "Panel file (CSV): case, decision, choice, votes, panel"),
        h("input", { type: "file", accept: ".csv,text/csv", "data-case-panel": true, "data-key": "panel-file" }),
      ),
      panel.file ? sendButton("Take it out", { type: "case-no-panel" }, { "data-key": "no-panel" }) : null,
    ),
    problems(view.page.case, "panel"),
  );
}

function drawRevealed(view, shared) {
  const { open } = view.page.case;
  const error = ({ name, why, basis }) => h("li", { "data-key": name }, h("b", {}, `${name}: `), why, sources(basis));
  return h(
    "section",
    { class: "case-revealed", "data-key": "revealed", "aria-label": "What the rules offer on this day" },
    hatches(view.uid),
    h("h2", {}, "What the rules offer on this day"),
    open.prompts.length ? h("ul", { class: "notice ask" }, open.prompts.map((each) => h("li", {}, bold(each)))) : null,
    h("div", { class: `answer${view.state.card ? "" : " alone"}` }, drawOptions(view), drawOpenCard(view)),
    drawLanesOfChoice(view),
    open.errors.length
      ? h("section", { class: "case-errors", "data-key": "common" }, h("h2", {}, "Common answers here, and why not"), h("ul", {}, open.errors.map(error)))
      : null,
    shared.debates(view),
  );
}

function drawLanesOfChoice(view) {
  const { open } = view.page.case;
  const { lanes } = open.board;
  if (!open.board_all) return null;
  const none = "No sequence of the board has your line; what each would be is in Study.";
  return h(
    "section",
    { class: "case-board", "data-mbc": "board", "data-key": "board", "aria-label": "Sequences with your line" },
    h("h2", {}, "Your line on the board ", h("span", { class: "sub s" }, `${lanes.length} of ${open.board_all} candidate sequences`)),
    lanes.length ? h("div", { "data-measure": true }, firstLane(view)) : h("p", { class: "empty" }, none),
    lanes.length ? h("p", { class: "foot sub s" }, bold(open.board.foot)) : null,
  );
}

// One lane at once, the others a step away: each brings the list of its lines.
function firstLane(view) {
  const strips = drawStrips(view);
  const rest = [...strips.children].slice(1);
  if (!rest.length) return strips;
  const id = `lanes-${view.page.case.open.decision}`;
  strips.append(
    h(
      "details",
      { class: "fold", "data-fold": id, "data-key": "more-lanes", open: view.printing || (view.state.open.get(id) ?? false) },
      h("summary", {}, `${count(rest.length, "more sequence")} with your line`),
      rest,
    ),
  );
  return strips;
}
