// Bars line by line: how many start it and die on it, and how many of thirty days it takes in the clinic.
import { picture } from "./axes.js";
import { paletteClass, svg } from "./dom.js";
import { firstThatFits } from "./fit.js";

const ROW = 38;
const BAR = 13;
const RIGHT = 168; // for the words behind a bar

function drawRows(figure, width, draw) {
  const { bars } = figure;
  return picture(
    width,
    bars.length * ROW + 4,
    figure.sentence,
    bars.map((bar, at) =>
      svg(
        "g",
        { class: `area ${paletteClass(bar.palette)}` },
        name(bar, width, at * ROW),
        draw(bar, at * ROW + 18),
      ),
    ),
  );
}

function name(bar, width, y) {
  const texts = [`${bar.number} ${bar.called}`, `${bar.number} ${bar.called_short}`];
  return svg("text", { class: "s b", x: 0, y: y + 13 }, firstThatFits(texts, width - 4, 12, true) || texts[1]);
}

/** Who reaches each line of 100 who start the first one shown; hatched, who dies on it. */
export function drawReach(view, figure, width) {
  const scale = (width - RIGHT) / 100;
  return drawRows(figure, width, (bar, y) => {
    const [all, dead] = [bar.starts * scale, bar.dies * scale];
    const palette = paletteClass(bar.palette).slice(2);
    return [
      svg("rect", { class: "track", x: 0.5, y, width: 100 * scale, height: BAR }),
      svg("rect", { class: "body", x: 0.5, y, width: all, height: BAR }),
      svg("rect", {
        class: "body",
        x: 0.5 + all - dead,
        y,
        width: dead,
        height: BAR,
        style: `fill:url(#${view.uid}-${palette})`,
      }),
      svg(
        "text",
        { class: "s num", x: 100 * scale + 8, y: y + 11 },
        `${bar.starts} start, ${bar.dies} die on it`,
      ),
    ];
  });
}

/** Days in the clinic of thirty; hatched, what labels add in each of the first two months. */
export function drawClinic(view, figure, width) {
  const scale = (width - RIGHT) / figure.scale;
  const days = Array.from({ length: figure.scale - 1 }, (_, at) => at + 1);
  return drawRows(figure, width, (bar, y) => {
    const [usual, more] = [bar.usual * scale, (bar.early / 2) * scale];
    const palette = paletteClass(bar.palette).slice(2);
    const words = bar.early
      ? `${bar.usual} a month, first two ${round(bar.usual + bar.early / 2)}`
      : `${bar.usual} a month`;
    return [
      svg("rect", { class: "track", x: 0.5, y, width: figure.scale * scale, height: BAR }),
      svg("rect", { class: "body", x: 0.5, y, width: usual, height: BAR }),
      more
        ? svg("rect", {
            class: "body",
            x: 0.5 + usual,
            y,
            width: more,
            height: BAR,
            style: `fill:url(#${view.uid}-${palette})`,
          })
        : null,
      days.map((day) =>
        svg("line", {
          class: "day-line",
          x1: 0.5 + day * scale,
          x2: 0.5 + day * scale,
          y1: y + BAR - 3,
          y2: y + BAR,
        }),
      ),
      svg("text", { class: "s num", x: figure.scale * scale + 8, y: y + 11 }, words),
    ];
  });
}

function round(value) {
  return Math.round(value * 10) / 10;
}
