// What the rules make of an answer: the line, the reason point by point, why it departs, and the votes of a lecturer's panel.
import { drawItems } from "./caseitems.js";
import { bold, h, link, sendButton, tag } from "./dom.js";

/** The feedback on the newest answer, and the step to what comes next. */
export function drawFeedback(view) {
  const { open } = view.page.case;
  const { feedback } = open;
  const { standing } = feedback;
  return h(
    "div",
    { class: "case-feedback", "data-key": "feedback" },
    h("p", {}, h("b", {}, "Your line "), `${feedback.name}: `, tag(standing.word, standing.kind), standing.text ? ` ${standing.text}` : null),
    feedback.missing.length ? h("p", {}, h("span", { class: "k" }, "Missing "), `${feedback.missing.join(", ")}.`) : null,
    said("Blocked by", feedback.blocked_by),
    said("Because", feedback.because.slice(0, 2)),
    feedback.cautions.map(({ text, level }) => h("p", {}, tag(level === "require" ? "required" : level === "later" ? "learnt later" : "caution", "warn"), " ", bold(text))),
    feedback.errors.map(({ why, basis }) => h("p", { class: "case-why" }, h("b", {}, "A common answer. "), why, sources(basis))),
    h("p", { class: "case-said" }, h("b", {}, "Your reason "), `“${feedback.reason}”`),
    h("ul", { class: "case-points", "aria-label": "Points of a good reason" }, feedback.points.map(drawPoint)),
    h("p", { class: "sub s" }, "Words are matched, not understood: judge for yourself whether you meant it."),
    feedback.departs ? drawDeviation(feedback) : null,
    drawVotes(feedback.votes),
    drawItems(open.items, statement),
    h("p", { class: "case-next-story" }, h("b", {}, "In the story "), feedback.then),
    sendButton(open.next.label, { type: "case-next" }, { class: "primary big", "data-key": "case-next" }),
  );
}

const KINDS = { used: "ok", missed: "ask", open: "fit" };

function drawPoint({ kind, label, found, basis }) {
  return h(
    "li",
    { "data-key": label },
    h("p", {}, tag(kind, KINDS[kind]), " ", h("b", {}, label), found ? h("span", { class: "sub" }, ` (you wrote “${found}”)`) : null),
    basis.map((each) => h("p", { class: "sub" }, statement(each))),
  );
}

/** A sentence, and after a colon where it comes from. */
export function statement({ text, source, url }) {
  const words = String(text).replace(/\.(\)?)$/, "$1");
  return source ? [bold(words), ": ", h("span", { class: "source sub" }, link(source, url))] : bold(`${words}.`);
}

function said(word, list) {
  return list.map(({ text, source, url }) =>
    h("p", {}, h("span", { class: "k" }, `${word} `), statement({ text, source, url })),
  );
}

/** Where a sentence comes from, as links. */
export function sources(basis) {
  return basis
    .filter(({ source }) => source)
    .map(({ source, url }) => [" ", h("span", { class: "source sub" }, link(source, url))]);
}

function drawDeviation({ deviations, deviation }) {
  const one = ({ id, label }) =>
    sendButton(label, { type: "case-deviation", reason: id === deviation ? "" : id }, { "aria-pressed": String(id === deviation), "data-key": `deviation-${id}` });
  return h(
    "div",
    { class: "case-deviation", role: "group", "aria-label": "Why you depart from the list" },
    h("h3", {}, "You depart from the list: why?"),
    h("div", { class: "flips" }, deviations.map(one)),
  );
}

function drawVotes({ text, panels }) {
  if (!panels.length) return text ? h("p", { class: "sub s", "data-key": "votes" }, text) : null;
  return panels.map(({ name, date, rows }) =>
    h(
      "div",
      { class: "case-votes", "data-key": `votes-${name}` },
      h(
        "table",
        {},
        h("caption", {}, `Panel: ${name}, ${date}`),
        h("thead", {}, h("tr", {}, ["Choice", "Votes", "Reason"].map((each) => h("th", { scope: "col" }, each)))),
        h("tbody", {}, rows.map((row) => h("tr", {}, h("td", {}, row.name), h("td", { class: "num" }, row.votes), h("td", {}, row.reason)))),
      ),
    ),
  );
}
