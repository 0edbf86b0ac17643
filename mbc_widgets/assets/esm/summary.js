// The case as one page to print or to send: a whole document that needs nothing else.
import { bold, h, link } from "./dom.js";
import { NOT_ADVICE, placeOf } from "./standalone.js";

const NAMED = new Set(["not-offered", "not-now"]); // with their reasons only, not with all that is said of them
const LOOK = `
body { font: 14px/1.45 "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif; color: #16202a; background: #fff; max-width: 1200px; margin: 0 auto; padding: 24px; }
h1 { font-size: 20px; margin: 0 0 2px; } h2 { font-size: 16px; margin: 24px 0 6px; padding-top: 8px; border-top: 2px solid #16202a; }
h3 { font-size: 14px; margin: 10px 0 2px; } p { margin: 0 0 4px; } ul, ol { margin: 4px 0; padding-left: 1.3em; } a { color: #1b5485; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 8px 0; } dt { color: #4a5662; } dd { margin: 0; }
code { font-family: ui-monospace, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; } .sub { color: #4a5662; } .figure { color: #4a5662; font-weight: 400; }
.limit { border: 1px solid #7c8792; padding: 6px 10px; margin: 8px 0; font-weight: 650; } .board svg { margin: 8px 0; } svg { display: block; max-width: 100%; height: auto; }
.options { columns: 2; column-gap: 28px; } .option { break-inside: avoid; margin-bottom: 8px; } .option h3 { margin-top: 0; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; } .sources { columns: 2; column-gap: 28px; font-size: 12px; }
@media (max-width: 700px) { body { padding: 12px; } .options, .sources { columns: 1; } .board { overflow-x: auto; } .board svg { max-width: none; } }
@media print { body { padding: 0; font-size: 11px; } .board, .limit { break-inside: avoid; } @page { margin: 14mm; } }
`;

/** The text of the document; `picture` is the board. */
export function summaryOf({ page }, picture) {
  const title = `MBC workbook: ${page.patient?.[0] ?? "case"}`;
  const made = document.implementation.createHTMLDocument(title);
  made.documentElement.lang = "en";
  made.head.prepend(h("meta", { charset: "utf-8" }));
  made.head.append(
    h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    h("style", {}, LOOK),
  );
  made.body.append(h("main", {}, head(page), picture ? board(page, picture) : "", ...groups(page), ...rest(page)));
  return `<!doctype html>\n${made.documentElement.outerHTML}\n`;
}

function head(page) {
  const term = (name, ...text) => [h("dt", {}, name), h("dd", {}, text)];
  return h(
    "header",
    {},
    h("h1", {}, page.patient?.[0] ?? "Case"),
    (page.patient ?? []).slice(1).map((text) => h("p", {}, text)),
    h("p", { class: "limit" }, NOT_ADVICE),
    h("p", {}, bold(page.sentence)),
    h(
      "dl",
      {},
      term("Day and place", placeOf(page)),
      term("Scenario", scenarioOf(page)),
      page.code ? term("Code", h("code", {}, page.code)) : null,
      term("Edition", page.edition),
    ),
  );
}

function scenarioOf({ scenario, scenarios, changed_from_scenario: changed }) {
  const title = scenarios?.find(({ id }) => id === scenario)?.title ?? "none";
  return `${title}${changed ? ", changed" : ""}`;
}

function board(page, picture) {
  return h(
    "section",
    { class: "board" },
    h("h2", {}, page.board.title),
    page.board.sentence ? h("p", {}, bold(page.board.sentence)) : null,
    picture,
  );
}

function groups({ options }) {
  const group = ({ verdict, label, note, options: all }) =>
    h(
      "section",
      {},
      h("h2", {}, `${label}: ${all.length}`),
      note ? h("p", { class: "sub" }, note) : null,
      all.length ? h("div", { class: "options" }, all.map((each) => option(each, NAMED.has(verdict)))) : h("p", {}, "none"),
    );
  return (options?.groups ?? []).map(group);
}

function option(told, short) {
  const missing = (told.missing ?? []).map(({ label }) => label).join(", ");
  const standing = [told.licence, ...(told.recommendations ?? [])].filter((each) => each?.text);
  const recalled = ({ verified }) => (verified === false ? " (recalled)" : "");
  return h(
    "article",
    { class: "option" },
    h("h3", {}, told.name, told.figure ? h("span", { class: "figure" }, `${told.figure} (${told.figure_title})`) : null),
    missing ? h("p", {}, h("span", { class: "sub" }, "Missing: "), `${missing}.`) : null,
    reasons("Blocked by", told.blocked_by),
    reasons("Against", told.against),
    reasons("Because", told.because),
    told.fit?.word ? h("p", {}, h("span", { class: "sub" }, `Trial ${told.fit.word}: `), bold(told.fit.text)) : null,
    (told.cautions ?? []).map(({ text }) => h("p", {}, h("span", { class: "sub" }, "Caution: "), bold(text))),
    short || !standing.length
      ? null
      : h("p", { class: "sub" }, standing.map((each, at) => [at ? " · " : "", link(each.text, each.url), recalled(each)])),
  );
}

function reasons(word, list) {
  return (list ?? []).map(({ text, source, url }) =>
    h("p", {}, h("span", { class: "sub" }, `${word}: `), bold(text), source ? [" [", link(source, url), "]"] : null),
  );
}

function rest(page) {
  const section = (title, items, draw) =>
    items?.length ? h("section", {}, h("h2", {}, title), h("ul", {}, items.map((item) => h("li", {}, draw(item))))) : "";
  const told = ({ text, source, url }) => [bold(text), source ? [" [", link(source, url), "]"] : null];
  const sources = sourcesOf(page);
  return [
    section("Before any drug", page.prompts, told),
    section("Notes on this patient", page.warnings, told),
    section("Tests that could change the answer", page.tests, ({ label, because }) => [h("b", {}, label), ` ${because}`]),
    section("Supportive care", page.supportive, told),
    sources.length
      ? h("section", {}, h("h2", {}, "Sources"), h("ol", { class: "sources" }, sources.map((each) => h("li", {}, each.text, " ", link(each.url, each.url)))))
      : "",
    h(
      "footer",
      {},
      h("h2", {}, "Limits"),
      [page.assumptions, page.figures_note].filter(Boolean).map((text) => h("p", {}, bold(text))),
      h("p", {}, "A bar is the median of one trial in one population; bars are not added up, and no figure here predicts how long someone will live."),
      h("p", { class: "limit" }, NOT_ADVICE),
    ),
  ];
}

/** Every source with an address that the page names, once, with the first words that name it. */
export function sourcesOf(page) {
  const found = new Map();
  const look = (value) => {
    if (Array.isArray(value)) value.forEach(look);
    else if (value && typeof value === "object") {
      const { url, source, text, name, trial } = value;
      const said = source || (trial ? `${trial}` : "") || text || name || "";
      if (/^https?:/.test(url ?? "") && !found.has(url)) found.set(url, String(said).replaceAll("**", ""));
      Object.values(value).forEach(look);
    }
  };
  const { board: drawn, options, evidence, prompts, supportive } = page;
  [prompts, drawn?.lanes, options?.groups, evidence?.rows, supportive].forEach(look);
  return [...found].map(([url, text]) => ({ url, text: text.length > 160 ? `${text.slice(0, 157)}…` : text }));
}
