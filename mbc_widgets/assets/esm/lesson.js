// One exercise of a lesson: the question, its choices, and after an answer what is said of every choice.
// A lesson has twenty of them and each carries its script: nothing of the dashboard is in it.
import { bold, doButton, h, link, morph, tag } from "./dom.js";
import { startTheme } from "./theme.js";

const NARROW = 720; // px; below it the sizes are those of a phone
let exercises = 0;

/** Shows one exercise in `el` and keeps it up to date; returns how to stop. */
export function mountLesson({ model, el }) {
  exercises += 1;
  const [root, uid] = [h("div", { class: "mbc" }), `mbc-exercise-${exercises}`];
  root.dataset.theme = startTheme();
  const draw = () => {
    root.dataset.size = window.innerWidth < NARROW ? "phone" : "desk";
    const next = root.cloneNode(false);
    next.append(drawLesson({ page: model.get("page"), uid }));
    morph(root, next);
  };
  root.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-do='exercise-commit']")) return;
    const taken = [...root.querySelectorAll("input:checked")].map(({ value }) => value);
    model.send({ type: "answer", taken });
  });
  model.on("change:page", draw);
  el.append(root);
  draw();
  return () => model.off("change:page", draw);
}

// Before an answer nothing on it tells which choice is right.
function drawLesson(view) {
  const { page, uid } = view;
  if (!page.id) return h("p", { class: "empty" }, "Reading the question …");
  return h(
    "div",
    { class: "exercise", "data-mbc": "exercise" },
    page.about ? h("p", { class: "s sub" }, `Invented patient: ${page.about}`) : null,
    h("p", { class: "ask", id: `${uid}-ask` }, bold(page.ask)),
    h("p", { class: "s sub" }, page.several ? "One or several are right." : "One is right.",
      isPage() ? null : h("span", { class: "typed-name" }, " To type an answer in a cell, write the short name behind a choice.")),
    h(
      "div",
      { class: "exercise-choices", role: page.several ? "group" : "radiogroup", "aria-labelledby": `${uid}-ask` },
      page.choices.map((choice) => drawChoice(view, choice)),
    ),
    h(
      "div",
      { class: "flips" },
      doButton(verb(page), "exercise-commit", { class: "primary", "data-key": "commit" }),
    ),
    h("p", { class: "exercise-word", role: "status" }, bold(word(page))),
    page.error ? h("p", { class: "notice no", role: "alert" }, page.error) : null,
  );
}

// A lesson as a page has no cells in which a name could be typed.
function isPage() {
  return Boolean(document.body.dataset.mbcPage);
}

function verb(page) {
  if (page.predicts) return page.predicted ? "Predict again" : "Commit my prediction";
  return page.marked ? "Answer again" : "Commit and see why";
}

function word(page) {
  if (page.marked) return `**${page.marked.word}** ${page.marked.solved ? "" : page.hint}`;
  if (!page.predicted) return "";
  const predicted = page.predicted.join("; ");
  return page.predicts
    ? `**Kept:** ${predicted}. Go on and look; the same question stands below and says why.`
    : `You predicted: **${predicted}**. And now?`;
}

function drawChoice({ page, uid }, { id, label }) {
  const row = page.marked?.rows.find((each) => each.id === id);
  const kind = page.several ? "checkbox" : "radio";
  return h(
    "div",
    { "data-key": id, class: row ? (row.right ? "right" : "wrong") : null },
    h(
      "label",
      {},
      h("input", { type: kind, name: `${uid}-exercise`, value: id, "data-own": true }),
      h("span", {}, label),
      id === label || isPage() ? null : h("code", { class: "typed-name" }, id),
      row ? tag(row.right ? "right" : "not right", row.right ? "ok" : "no") : null,
    ),
    row ? h("ul", { class: "why s" }, row.why.map(told)) : null,
  );
}

function told({ text, source, url }) {
  return h("li", {}, bold(text), source ? h("span", { class: "sub" }, " ", link(source, url)) : null);
}
