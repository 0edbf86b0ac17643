// What is offered for the next line and what is not, each with its reason, and the change that would flip it.
import { drawOpenCard } from "./card.js";
import { bold, count, doButton, h, link, sendButton, swatch, tag } from "./dom.js";

const KINDS = { offered: "ok", "needs-test": "ask", "not-now": "warn", "not-offered": "no" };
const CAUTIONS = { require: "required", later: "learnt later" };
const SHOWN = { offered: 8, "needs-test": 5, "not-now": 4, "not-offered": 6 };
const OPENED = { offered: 2, "needs-test": 2, "not-now": 1, "not-offered": 3 };

/** The groups in columns: offered; needs a test and not now; not offered. */
export function drawOptions(view) {
  const { options } = view.page;
  if (!options) return null;
  const group = (verdict) => options.groups.find((each) => each.verdict === verdict);
  const columns = [
    [group("offered")],
    [group("needs-test"), group("not-now")],
    [group("not-offered")],
  ]
    .map((column) => column.filter(Boolean))
    .filter((column) => column.length);
  return h(
    "section",
    {
      class: `options columns-${columns.length}`,
      "data-mbc": "options",
      "aria-label": `Options for line ${options.line}`,
    },
    columns.map((column) =>
      h(
        "div",
        { class: "column" },
        column.map((each) => drawGroup(view, each)),
      ),
    ),
    view.whole ? null : drawOpenCard(view),
  );
}

function drawGroup(view, group) {
  const all = view.state.all.has(group.verdict);
  const most = SHOWN[group.verdict] ?? 5;
  const shown = all ? group.options : group.options.slice(0, most);
  const more = group.options.length - most;
  return h(
    "section",
    {
      class: "group",
      "data-key": group.verdict,
      "aria-labelledby": `${view.uid}-${group.verdict}`,
    },
    h(
      "h2",
      { id: `${view.uid}-${group.verdict}` },
      tag(group.label, KINDS[group.verdict]),
      ` ${group.options.length} `,
      group.note ? h("span", { class: "sub s" }, group.note) : null,
    ),
    group.options.length
      ? shown.map((option, index) => drawOption(view, group.verdict, option, index))
      : h("p", { class: "empty" }, "none"),
    more > 0
      ? doButton(all ? `Show the first ${most}` : `Show all ${group.options.length}`, "all", {
          "data-value": group.verdict,
          class: "more",
          "aria-expanded": String(all),
        })
      : null,
  );
}

function drawOption(view, verdict, option, index) {
  const id = `option-${option.id}`;
  const open = view.state.open.get(id) ?? index < OPENED[verdict];
  return h(
    "details",
    { class: "option", "data-key": id, open, "data-fold": id },
    h(
      "summary",
      {},
      swatch(option.palette),
      h("h3", {}, option.name),
      (option.flags ?? []).map((flag) =>
        tag(flag, flag === "unverified" || flag === "pending" ? "ask" : "plain"),
      ),
      option.figure
        ? h("span", { class: "option-figure", title: option.figure_title || null }, option.figure)
        : null,
    ),
    h(
      "div",
      { class: "option-body" },
      reasons(verdict, option),
      fit(option),
      cautions(option),
      standing(option),
      flips(view, option),
    ),
  );
}

// "Because" leads where it is offered, what stands in the way where it is not.
function reasons(verdict, option) {
  const because = statements("Because", option.because);
  const missing = option.missing?.length
    ? h(
        "p",
        {},
        h("span", { class: "k" }, "Missing "),
        option.missing.map(({ label }) => label).join(", "),
        ".",
      )
    : null;
  const blocked = statements("Blocked by", option.blocked_by);
  const against = statements("Against", option.against);
  return verdict === "offered"
    ? [because, missing, blocked, against]
    : [missing, blocked, because, against];
}

const FEW = 1; // reasons at once; the rest one step away

function statements(word, list) {
  if (!list?.length) return null;
  const [first, ...rest] = list;
  const near = rest.slice(0, FEW - 1);
  const far = rest.slice(FEW - 1);
  return [
    h(
      "p",
      {},
      h("span", { class: "k" }, `${word} `),
      statement(first),
      near.map((each) => ["; ", statement(each)]),
      ".",
    ),
    far.length
      ? h(
          "details",
          { class: "rest" },
          h("summary", {}, `${count(far.length, "more reason")}`),
          h(
            "ul",
            {},
            far.map((each) => h("li", {}, statement(each))),
          ),
        )
      : null,
  ];
}

function statement({ text, source, url }) {
  return [
    words(String(text).replace(/\.$/, "")),
    source ? [": ", h("span", { class: "source" }, link(source, url))] : null,
  ];
}

// "(here: …)" is how the rule reads this patient: said, but quieter than the rule itself.
function words(text) {
  const at = text.indexOf(" (here: ");
  if (at < 0) return bold(text);
  return [bold(text.slice(0, at)), h("span", { class: "k" }, bold(text.slice(at)))];
}

function fit(option) {
  if (!option.fit?.word) return null;
  return h("p", {}, tag(option.fit.word, "fit"), " ", bold(option.fit.text));
}

function cautions(option) {
  return (option.cautions ?? []).map(({ text, level }) =>
    h("p", {}, tag(CAUTIONS[level] ?? "caution", level === "later" ? "plain" : "warn"), " ", bold(text)),
  );
}

// Licence and recommendations: two facts, never merged.
function standing(option) {
  const licence = option.licence?.text ? link(option.licence.text, option.licence.url) : null;
  const bodies = (option.recommendations ?? []).map(({ text, url, verified }) => [
    link(text, url),
    verified === false ? h("span", { class: "unverified" }, " (recalled)") : null,
  ]);
  const parts = [licence, ...bodies].filter(Boolean);
  if (!parts.length) return null;
  return h(
    "p",
    { class: "standing" },
    parts.map((part, index) => [index ? " · " : null, part]),
  );
}

function flips(view, option) {
  const id = `option-${option.id}`;
  const buttons = (option.flips ?? []).map(({ label, send }) =>
    sendButton(label, send, { class: "flip", "data-key": label }),
  );
  const source = option.card
    ? doButton("Source", "card", {
        "data-card": id,
        "aria-expanded": String(view.state.card === id),
        "aria-label": `Source of ${option.name}`,
        class: "quiet",
      })
    : null;
  return [
    pairs(option),
    buttons.length || source ? h("div", { class: "flips" }, buttons, source) : null,
  ];
}

// Two changes are searched for one option at a time: there are thousands of pairs.
function pairs(option) {
  if (!option.ask) return null;
  if (!option.pairs)
    return h(
      "div",
      { class: "flips" },
      sendButton("Which two changes would open it?", { type: "pairs", regimen: option.id }, {
        class: "quiet",
        "data-key": "ask-pairs",
      }),
    );
  if (!option.pairs.length)
    return h("p", { class: "sub" }, "No two changes of a test, a choice or the course of the disease open it.");
  return h(
    "div",
    { class: "flips", role: "group", "aria-label": `Two changes that would open ${option.name}` },
    option.pairs.map(({ label, send }) => sendButton(label, send, { class: "flip", "data-key": label })),
  );
}
