// Where 100 people are, month by month: areas that add up to 100, in the colours of the board.
import { areaOf, drawAxes, frameOf, picture } from "./axes.js";
import { paletteClass, svg } from "./dom.js";
import { widthOf } from "./fit.js";

const SMALL = 11;
const THICK = 13; // px that a word needs

/** One panel: lines from below, supportive care above them; what is left is the dead. */
export function drawStacked(lane, months, width) {
  const height = Math.round(Math.min(290, Math.max(200, width * 0.46)));
  const frame = frameOf(width, height, months);
  const bands = bandsOf(lane);
  return picture(
    width,
    height,
    lane.occupancy.sentence,
    drawAxes(frame),
    bands.map((band) =>
      svg(
        "g",
        { class: `area ${paletteClass(band.palette)}` },
        svg("path", { class: "body", d: areaOf(frame, months, band.low, band.high) }),
      ),
    ),
    bands.map((band) => label(frame, months, band)),
    died(frame, months, bands.at(-1).high),
  );
}

function bandsOf(lane) {
  let low = lane.occupancy.shares.map(() => 0);
  const marks = [
    ...lane.lines,
    { palette: "bsc", called: "supportive care", called_short: "supportive care", short: "supportive care", number: "" },
  ];
  return marks.map((mark, at) => {
    const high = lane.occupancy.shares.map((row, month) => low[month] + row[at]);
    const band = { ...mark, low, high };
    low = high;
    return band;
  });
}

// The first wording for which the area is thick enough over the whole of its width; none, then the table tells it.
function label(frame, months, band) {
  const least = band.called_short === band.short ? band.short : `${band.short} …`; // others by a test result
  const names = [band.called, band.called_short, least].map((name) => `${band.number} ${name}`);
  const texts = [...names, String(band.number)];
  for (const text of texts.map((each) => each.trim()).filter(Boolean)) {
    const place = roomiest(frame, months, band, widthOf(text, SMALL, true) + 8);
    if (place.room < THICK) continue;
    return svg(
      "g",
      { class: `area-label ${paletteClass(band.palette)}`, "aria-hidden": "true" },
      svg("text", { class: "xs b", "text-anchor": "middle", x: place.x, y: place.y + 4 }, text),
    );
  }
  return null;
}

// Where a word of this width has most room between the lower and the upper edge of an area.
function roomiest(frame, months, { low, high }, wide) {
  let best = { room: 0 };
  for (const month of months) {
    const x = frame.x(month);
    if (x - wide / 2 < frame.left || x + wide / 2 > frame.right) continue;
    const near = months.map((_, at) => at).filter((at) => Math.abs(frame.x(months[at]) - x) <= wide / 2 + 4);
    const below = Math.min(...near.map((at) => frame.y(low[at])));
    const above = Math.max(...near.map((at) => frame.y(high[at])));
    if (below - above > best.room) best = { room: below - above, x, y: (below + above) / 2 };
  }
  return best;
}

function died(frame, months, top) {
  const at = months.findIndex((_, each) => top[each] < 55);
  if (at < 0) return null;
  const x = Math.min(frame.x(months[at]) + 50, frame.right - 30);
  return svg("text", { class: "t2 s", x, y: frame.y(80), "aria-hidden": "true" }, "died");
}
