// Quality-adjusted months as a range on one scale of months: a mark for each source, no single number.
import { drawAxes, frameOf, picture } from "./axes.js";
import { svg } from "./dom.js";

/** One panel. */
export function drawQuality(figure, width, last) {
  const frame = frameOf(width, 70, [0, last], { left: 10, top: 4 });
  const y = 22;
  const [low, high] = figure.range.map(frame.x);
  return picture(
    width,
    70,
    figure.sentence,
    drawAxes(frame, { people: false }),
    svg("rect", { class: "band", x: low, y: y - 9, width: Math.max(2, high - low), height: 18 }),
    figure.marks.map(({ months }) => svg("path", { class: "ink", d: `M${frame.x(months)} ${y - 9}v18` })),
    svg(
      "text",
      { class: "b s halo", x: high + 8, y: y + 4 },
      `${figure.range[0]} to ${figure.range[1]} months`,
    ),
  );
}
