// Files made in the browser from what is shown: tables, pictures, the summary of the case. No server and no network takes part.
import { doButton, h } from "./dom.js";
import { drawMenu } from "./menus.js";
import { boardPicture, clocksPicture, openPictures, outcomePicture } from "./standalone.js";
import { summaryOf } from "./summary.js";
import { clocksOf, tablesOf, toCsv } from "./tables.js";

/** The menu of what can be downloaded now. */
export function drawDownloads(view) {
  return drawMenu(view, "download", "Download", "Download", () => [
    h("p", { class: "k s" }, "Made in this browser; nothing is sent anywhere."),
    list("The case", [{ id: "summary", label: "Case summary, to print", kind: "HTML" }]),
    list("Pictures", pictures(view).map(({ id, label }) => ({ id: `svg:${id}`, label, kind: "SVG" }))),
    list("Tables", tablesOf(view).map(({ id, label }) => ({ id: `csv:${id}`, label, kind: "CSV" }))),
  ]);
}

function list(title, items) {
  if (!items.length) return null;
  const one = ({ id, label, kind }) =>
    doButton([h("span", {}, label), h("span", { class: "kind" }, kind)], "download", {
      "data-value": id,
      "data-key": id,
    });
  return [h("h2", {}, title), h("div", { class: "menu-list" }, items.map(one))];
}

function pictures(view) {
  const board = view.page.board?.lanes.length ? [{ id: "board", label: "Sequence board" }] : [];
  const clocks = clocksOf(view.page) ? [{ id: "clocks", label: "Three clocks" }] : [];
  return [...clocks, ...board, ...openPictures(view)];
}

/** What the buttons do. */
export const DOWNLOAD_ACTIONS = {
  download: (view, button) => {
    const [kind, id] = button.dataset.value.split(":");
    MAKE[kind](view, id);
  },
};

const PICTURES = { board: boardPicture, clocks: clocksPicture };

const MAKE = {
  summary: (view) => save(view, "summary", "html", "text/html", summaryOf(view, view.page.board?.lanes.length ? boardPicture(view, { bare: true }) : null)),
  csv: (view, id) => {
    const table = tablesOf(view).find((each) => each.id === id);
    // the mark at the start tells a spreadsheet that this is UTF-8
    if (table) save(view, id, "csv", "text/csv", `\ufeff${toCsv(table)}`);
  },
  svg: (view, id) => {
    const drawing = PICTURES[id]?.(view) ?? outcomePicture(view, id);
    if (drawing) save(view, id, "svg", "image/svg+xml", `<?xml version="1.0" encoding="UTF-8"?>\n${textOf(drawing)}\n`);
  },
};

function textOf(drawing) {
  return new XMLSerializer().serializeToString(drawing);
}

const KEPT = 60_000; // ms; a slow disk still reads from it

function save({ page, root }, what, ending, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const place = h("a", { href: url, download: `${nameOf(page)}-${what}.${ending}`, hidden: true });
  root.append(place);
  place.click();
  place.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}

function nameOf({ scenario, day, regulator, code }) {
  const short = code && code.length <= 19 ? code : "";
  return ["mbc", scenario || "case", day, regulator, short].filter(Boolean).join("-").toLowerCase();
}
