"""The contrast of what is really drawn: every text on the screen against everything painted below it, SVG included."""

from typing import Any, NamedTuple

from playwright.sync_api import Page

# At three points of each line of text, the browser's own hit test gives what is painted there, the topmost first; what lies below the
# text is put together from there down. A hatch has two colours, both count. A halo is painted around the letters: it is their ground.
WALK = r"""() => {
  const numbers = (text) => {
    const found = /rgba?\(([^)]+)\)/.exec(text ?? "");
    if (!found) return null;
    const [r, g, b, a = 1] = found[1].split(/[\s,/]+/).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = (c) => {
    const [r, g, b] = c.map((x) => x / 255).map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const hex = (c) => `#${c.slice(0, 3).map((x) => Math.round(x).toString(16).padStart(2, "0")).join("")}`;
  const faded = (node) => {
    let left = 1;
    for (let at = node; at; at = at.parentElement) left *= Number(getComputedStyle(at).opacity);
    return left;
  };
  const inFill = (node, x, y) => node.isPointInFill(new DOMPoint(x, y).matrixTransform(node.getScreenCTM().inverse()));
  const inks = (node, x, y) => { // what an element paints at a point: one colour, or the two of a hatch; a line is no ground
    const style = getComputedStyle(node);
    if (node instanceof SVGGeometryElement && !inFill(node, x, y)) return [];
    if (!(node instanceof SVGGeometryElement)) return node instanceof SVGElement ? [] : [numbers(style.backgroundColor)].filter((c) => c && c[3]);
    const hatch = /url\("?#([^")]+)"?\)/.exec(style.fill)?.[1];
    const strength = Number(style.fillOpacity) * faded(node);
    const fills = hatch ? [...document.getElementById(hatch).querySelectorAll("rect")].map((rect) => getComputedStyle(rect).fill) : [style.fill];
    return fills.map(numbers).filter((c) => c && c[3] * strength).map(([r, g, b, a]) => [r, g, b, a * strength]);
  };
  const grounds = (stack, x, y) => {
    if (!stack.length) return [[255, 255, 255, 1]];
    const [top, ...rest] = stack;
    const painted = inks(top, x, y);
    if (!painted.length) return grounds(rest, x, y);
    if (painted.every((c) => c[3] === 1)) return painted;
    return painted.flatMap((c) => grounds(rest, x, y).map((below) => over(c, below)));
  };
  const still = document.createElement("style");
  still.textContent = "* { pointer-events: auto !important; transition: none !important } .hit, .ring { pointer-events: none !important }";
  document.head.append(still);
  const found = new Map();
  const judge = (node, box, words) => {
    const style = getComputedStyle(node);
    const drawn = node instanceof SVGElement;
    const ink = numbers(drawn ? style.fill : style.color);
    if (!ink) return;
    const halo = drawn && style.paintOrder.startsWith("stroke") && numbers(style.stroke);
    for (const share of [0.02, 0.5, 0.98]) {
      const [x, y] = [box.left + box.width * share, box.top + box.height / 2];
      const stack = document.elementsFromPoint(x, y);
      const at = stack.findIndex((each) => each === node || node.contains(each));
      if (at < 0) continue; // scrolled away, or covered whole
      const own = node instanceof SVGElement ? stack.slice(at + 1) : stack.slice(at);
      for (const ground of halo && halo[3] ? [halo] : grounds(own, x, y)) {
        const seen = over([ink[0], ink[1], ink[2], ink[3] * faded(node)], ground);
        const pair = `${hex(seen)} on ${hex(ground)}`;
        const of = `${node.nodeName} .${node.getAttribute("class") ?? ""}`;
        if (!found.has(pair)) found.set(pair, { pair, ratio: contrast(seen, ground), words: words.trim().slice(0, 60), of });
      }
    }
  };
  const shown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const walker = document.createTreeWalker(document.querySelector(".mbc"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const node = text.parentElement;
    if (!text.data.trim() || !shown(node) || node.closest(".hide, option, title, defs, style")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) judge(node, box, text.data);
  }
  for (const node of document.querySelectorAll(".mbc :is(input:not([type=checkbox], [type=radio], [type=range], [type=file]), select, textarea)"))
    if (shown(node)) judge(node, node.getBoundingClientRect(), node.value || node.placeholder || node.name);
  still.remove();
  return [...found.values()];
}"""


class Pair(NamedTuple):
    """An ink and the ground below it, as drawn, with an example."""

    pair: str
    ratio: float
    words: str
    of: str


def pairs(page: Page) -> list[Pair]:
    """Every pair of ink and ground on the page, which is made as high as its content for the time of the walk."""
    size = page.viewport_size
    assert size
    high = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": min(16_000, max(high, size["height"]))})
    page.evaluate("scrollTo(0, 0)")
    found: list[dict[str, Any]] = page.evaluate(WALK)
    page.set_viewport_size(size)
    return [Pair(**each) for each in found]
