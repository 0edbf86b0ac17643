// Pictures that open alone: the drawing with its colours and type written into it, its title, legend, foot and limits. Always light.
import { clocksDrawing } from "./clocks.js";
import { h, svg } from "./dom.js";
import { cut, widthOf, wrap } from "./fit.js";
import { drawLanes, hatches } from "./lanes.js";

const WIDE = 1160; // px of the board, whatever the screen
const EDGE = 20;
const FONT = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif'; // as tokens.css
const INK = "#16202a"; // as tokens.css, light
const INK_2 = "#4a5662";
export const NOT_ADVICE = "For teaching. Invented patients. Not advice on the care of a person.";

// What a drawing takes from the stylesheet. Inherited: written only where it differs from what is around it.
const INHERITED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "paint-order"];
const OWN = { opacity: "1", "dominant-baseline": "auto", "fill-rule": "nonzero" };
const BOX = ["x", "y", "width", "height"]; // of a bar, which CSS may set
const HATCHES = "hatches"; // their own name on the stage
const LEFT_OUT = ".hit, .ring, .hatches"; // for a pointer and the keyboard

/** The sequence board as a picture of its own; `bare` leaves out what the page around it says already. */
export function boardPicture(view, { bare = false } = {}) {
  const { page, state } = view;
  return onStage(view, [hatches(HATCHES), h("section", { class: "board" })], (stage) => {
    const still = { ...view, uid: HATCHES, width: WIDE, size: "desk", state: { ...state, card: null, stop: null } };
    const drawing = drawLanes(still);
    stage.querySelector(".board").append(drawing);
    return sheet(view, {
      title: page.board.title,
      legend: legendOf(view.root.querySelector("[data-mbc='board'] .legend"), stage),
      blocks: [{ drawing: standalone(drawing) }],
      foot: page.board.foot,
      bare,
    });
  });
}

/** The three clocks of Compare as a picture of their own. */
export function clocksPicture(view) {
  const { clocks } = view.page.compare;
  return onStage(view, [hatches(HATCHES), h("section", { class: "clocks" })], (stage) => {
    const drawing = clocksDrawing({ ...view, uid: HATCHES, size: "desk" }, clocks, WIDE);
    stage.querySelector(".clocks").append(drawing);
    return sheet(view, {
      title: clocks.title,
      legend: legendOf(view.root.querySelector("[data-mbc='clocks'] .legend"), stage),
      blocks: [{ drawing: standalone(drawing), told: clocks.sentence.replaceAll("**", "") }],
      foot: clocks.note,
    });
  });
}

/** The outcome pictures that are open and drawn: {id, label}. */
export function openPictures({ root }) {
  return [...root.querySelectorAll(".outcomes details[data-fold^='figure-'][open]")]
    .filter((fold) => drawingsOf(fold).length)
    .map((fold) => ({ id: fold.dataset.key, label: fold.querySelector("h3").textContent }));
}

/** One of them as a picture of its own, its panels under one another. */
export function outcomePicture(view, id) {
  const fold = view.root.querySelector(`.outcomes details[data-key="${CSS.escape(id)}"]`);
  if (!fold) return null;
  const copy = chainTo(fold, view.root);
  return onStage(view, [hatches(HATCHES), copy.outer], (stage) => {
    const notes = [...copy.inner.querySelectorAll(".notes li")].map((note) => note.textContent);
    const limits = copy.inner.querySelector(".limits-note")?.textContent ?? "";
    return sheet(view, {
      title: copy.inner.querySelector("h3").textContent,
      legend: legendOf(copy.inner.querySelector(".legend"), stage),
      blocks: drawingsOf(copy.inner).map((drawing) => blockOf(drawing)),
      foot: [...notes, limits].filter(Boolean).join(" "),
    });
  });
}

function drawingsOf(fold) {
  return [...fold.querySelectorAll(".panel svg")].filter((each) => !each.closest(".legend, button") && !each.matches(".sample"));
}

function blockOf(drawing) {
  const panel = drawing.closest(".panel");
  const first = panel.querySelector("svg:not(.sample)") === drawing;
  return {
    heading: first ? (panel.querySelector("h4")?.textContent ?? "") : "",
    drawing: standalone(drawing),
    told: panel.querySelector(".told")?.textContent ?? drawing.getAttribute("aria-label") ?? "",
  };
}

// Off the screen, in the light theme and with room: what is computed there is what a desk would show.
function onStage(view, nodes, make) {
  const stage = h("div", { class: "mbc", "data-theme": "light", "data-size": "desk", "aria-hidden": "true", inert: true }, nodes);
  stage.style.cssText = `position:absolute;left:-9999px;top:0;width:${WIDE}px`;
  document.body.append(stage);
  try {
    return make(stage);
  } finally {
    stage.remove();
  }
}

// A copy of a node within copies of what is around it, because the stylesheet speaks of both.
function chainTo(node, root) {
  const inner = node.cloneNode(true);
  let outer = inner;
  for (let at = node.parentElement; at && at !== root; at = at.parentElement) {
    const around = at.cloneNode(false);
    around.append(outer);
    outer = around;
  }
  return { inner, outer };
}

/** A copy of a drawing in the document with its styles written into it. */
function standalone(drawing) {
  const copy = drawing.cloneNode(true);
  write(drawing, copy, null);
  for (const each of copy.querySelectorAll(LEFT_OUT)) each.remove();
  const used = new Set([...copy.outerHTML.matchAll(/url\(#([\w-]+)\)/g)].map(([, id]) => id));
  const patterns = [...used].map((id) => patternOf(id, drawing.closest(".mbc"))).filter(Boolean);
  if (patterns.length) copy.prepend(svg("defs", {}, patterns));
  return copy;
}

// The hatch of a class as the stage has it, in the light theme, under the name that the drawing knows.
function patternOf(id, stage) {
  const code = id.split("-").at(-1);
  const pattern = stage.querySelector(`#${HATCHES}-${code}`) ?? document.getElementById(id);
  if (!pattern) return null;
  const copy = pattern.cloneNode(true);
  write(pattern, copy, null);
  copy.id = id;
  return copy;
}

function write(from, to, around) {
  const style = getComputedStyle(from);
  if (style.display === "none" || style.visibility === "hidden") {
    to.remove();
    return;
  }
  const kept = { id: to.id, label: to.getAttribute("aria-label") };
  for (const { name } of [...to.attributes]) if (/^(class|style|tabindex|role|inert|data-|aria-)/.test(name)) to.removeAttribute(name);
  for (const name of INHERITED) {
    const value = style.getPropertyValue(name);
    if (value && value !== around?.getPropertyValue(name)) to.setAttribute(name, value.replace(/^url\("(.*)"\)$/, "url($1)").replaceAll('"', "'"));
  }
  for (const [name, usual] of Object.entries(OWN)) {
    const value = style.getPropertyValue(name);
    if (value && value !== usual) to.setAttribute(name, value);
  }
  if (from.nodeName === "rect") for (const name of BOX) to.setAttribute(name, style.getPropertyValue(name).replace("px", ""));
  if (kept.label && !to.querySelector(":scope > title")) to.prepend(svg("title", {}, kept.label));
  pairs(from, to).forEach(([one, other]) => write(one, other, style));
}

// The children of both, without the title that `write` put before them.
function pairs(from, to) {
  const [ours, theirs] = [[...from.children], [...to.children]];
  const copies = theirs.slice(theirs.length - ours.length);
  return ours.map((child, at) => [child, copies[at]]);
}

// The entries of a legend as small drawings beside their words.
function legendOf(legend, stage) {
  if (!legend) return [];
  const copy = legend.cloneNode(true);
  stage.append(copy);
  return [...copy.children].map((entry) => {
    const sample = entry.querySelector("svg");
    const square = entry.querySelector(".swatch");
    const words = entry.textContent.trim();
    if (sample) return { words, width: sample.width.baseVal.value, drawing: standalone(sample) };
    if (!square) return { words, width: 0, drawing: null };
    const style = getComputedStyle(square);
    const box = { x: 0.5, y: 1.5, width: 11, height: 11, fill: style.backgroundColor, stroke: style.borderTopColor };
    return { words, width: 12, drawing: svg("rect", box) };
  });
}

// Everything on one sheet, from top to bottom.
function sheet(view, { title, legend, blocks, foot, bare }) {
  const width = Math.max(640, ...blocks.map(({ drawing }) => sizeOf(drawing)[0]));
  const { page } = view;
  const made = { nodes: [], y: bare ? 0 : EDGE, width };
  if (!bare) {
    line(made, title, 18, { strong: true });
    for (const text of [...(page.patient ?? []), placeOf(page)]) lines(made, text, 12.5, INK_2);
    made.y += 6;
  }
  legendRow(made, legend);
  for (const { heading, drawing, told } of blocks) {
    if (heading) line(made, heading, 13.5, { strong: true });
    const [, high] = sizeOf(drawing);
    made.nodes.push(svg("g", { transform: `translate(${EDGE} ${made.y})` }, drawing));
    made.y += high + 10;
    if (told) lines(made, told, 12, INK);
  }
  if (foot) lines(made, foot.replaceAll("**", ""), 11, INK_2);
  if (!bare) lines(made, `MBC workbook, edition ${page.edition}. ${page.code ? `Code ${page.code}. ` : ""}${NOT_ADVICE}`, 11, INK_2);
  const [wide, high] = [width + 2 * EDGE, Math.ceil(made.y + EDGE - 6)];
  const box = { xmlns: "http://www.w3.org/2000/svg", width: wide, height: high, viewBox: `0 0 ${wide} ${high}`, role: "img", "font-family": FONT.replaceAll('"', "'") };
  return svg("svg", box, svg("title", {}, title), svg("rect", { width: wide, height: high, fill: "#ffffff" }), made.nodes);
}

/** "1 Jul 2026, FDA, guidelines of ASCO". */
export function placeOf({ day_label: day, regulator, body, body_label: label }) {
  return `${day}, ${regulator}${body ? `, guidelines of ${label}` : ""}`;
}

function sizeOf(drawing) {
  return ["width", "height"].map((name) => Number.parseFloat(drawing.getAttribute(name)) || 0);
}

function lines(made, text, size, fill) {
  for (const each of wrap(text, made.width, size, 12)) line(made, each, size, { fill });
  made.y += 3;
}

function line(made, text, size, { strong = false, fill = INK } = {}) {
  made.y += size * 1.35;
  const look = { x: EDGE, y: made.y - size * 0.3, "font-size": size, "font-weight": strong ? 650 : 400, fill };
  made.nodes.push(svg("text", look, cut(text, made.width, size, strong) || text));
  if (strong) made.y += 4;
}

function legendRow(made, legend) {
  if (!legend.length) return;
  let [x, y] = [EDGE, made.y];
  for (const { words, width, drawing } of legend) {
    const whole = width + 5 + widthOf(words, 11) + 14;
    if (x > EDGE && x + whole > EDGE + made.width) [x, y] = [EDGE, y + 19];
    if (drawing) made.nodes.push(svg("g", { transform: `translate(${x} ${y})` }, drawing));
    made.nodes.push(svg("text", { x: x + width + 5, y: y + 11, "font-size": 11, fill: INK_2 }, words));
    x += whole;
  }
  made.y = y + 26;
}
