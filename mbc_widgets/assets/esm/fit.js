// Text in a given width: nothing is squeezed or cut in the middle of a letter.

const FAMILY = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif'; // as tokens.css
const MOST_KEPT = 5_000;
let pen = null;
const measured = new Map(); // most texts of a page come again with its next drawing

/** The width of `text` in pixels at `size` px. */
export function widthOf(text, size, strong = false) {
  const weight = strong ? 650 : 400;
  const key = `${weight} ${size} ${text}`;
  const known = measured.get(key);
  if (known !== undefined) return known;
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${size}px ${FAMILY}`;
  const { width } = pen.measureText(text);
  if (measured.size >= MOST_KEPT) measured.clear();
  measured.set(key, width);
  return width;
}

/** `text`, or its beginning with "…" when it is wider than `width`; "" when not even four letters fit. */
export function cut(text, width, size, strong = false) {
  if (widthOf(text, size, strong) <= width) return text;
  for (let end = text.length - 1; end >= 4; end -= 1) {
    const tried = `${text.slice(0, end).replace(/[\s·;,]+$/, "")}…`;
    if (widthOf(tried, size, strong) <= width) return tried;
  }
  return "";
}

/** `text` in at most `most` lines, broken between words; the last one ends in "…" when there is more. */
export function wrap(text, width, size, most) {
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (!line || widthOf(longer, size) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  if (line) lines.push(line);
  const shown = lines.slice(0, most);
  if (lines.length > most) shown[most - 1] = cut(lines.slice(most - 1).join(" "), width, size);
  return shown.map((each) => cut(each, width, size)).filter(Boolean);
}

/** The first of several ways to say something that fits, else "". */
export function firstThatFits(texts, width, size, strong = false) {
  return texts.find((text) => text && widthOf(text, size, strong) <= width) ?? "";
}
