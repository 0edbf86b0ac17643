// Elements, **bold** text, and a redraw that changes what differs and leaves the rest alone.
//
// Every view is a pure function from the page (plain JSON) to new elements; `morph` then brings the elements
// on the screen to that form. So focus, scroll, the text cursor and running transitions survive a redraw.

/** What the header says while Python works. */
export const BUSY = "updating";

const SVG_SPACE = "http://www.w3.org/2000/svg";

/** An HTML element; attributes that are null, undefined or false are left out, true is an empty one. */
export function h(name, attributes, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg(name, attributes, ...children) {
  return furnish(document.createElementNS(SVG_SPACE, name), attributes, children);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter(isContent));
  return node;
}

function isContent(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/** Text with **bold** parts, as nodes. */
export function bold(text) {
  return String(text ?? "")
    .split("**")
    .map((part, index) => (index % 2 ? h("b", {}, part) : part));
}

/** A button that sends a message to Python when pressed; no `message`, then it is disabled. */
export function sendButton(label, message, attributes = {}) {
  const send = message ? JSON.stringify(message) : null;
  return h(
    "button",
    { type: "button", "data-send": send, disabled: !message, ...attributes },
    label,
  );
}

/** A button for something that only the view does; page.js and mount.js know the words. */
export function doButton(label, what, attributes = {}) {
  return h("button", { type: "button", "data-do": what, ...attributes }, label);
}

/** A word on a tinted ground: kind is ok, ask, no, warn or plain. */
export function tag(word, kind = "plain") {
  return h("span", { class: `tag ${kind}` }, word);
}

/** The small square in the colour of a drug class; always next to a name, so hidden from a reader. */
export function swatch(palette) {
  return h("i", { class: `swatch ${paletteClass(palette)}`, "aria-hidden": "true" });
}

const PALETTES = new Set(["et", "cdk", "serd", "pam", "parp", "adc", "chemo", "io", "bsc"]);

/** The class that carries the colours of a drug class; an unknown one is drawn as supportive care. */
export function paletteClass(palette) {
  return `c-${PALETTES.has(palette) ? palette : "bsc"}`;
}

/** A link to a source outside, opened apart; without an address just the text. */
export function link(text, url) {
  if (!/^https?:\/\//.test(url ?? "")) return text ?? "";
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** Stands for the element of this name and key that is on the screen already, and leaves it as it is. */
export function asItIs(name, key) {
  return h(name, { "data-key": key, "data-as-is": true });
}

/** ms after which a page that is not on the screen, and has no frames, is drawn all the same. */
export const HIDDEN = 100;

/** "3 options", "1 option". */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** Text for a screen reader: a dash between two numbers is said as "to". */
export function spoken(text) {
  return String(text ?? "")
    .replace(/(\d)\s*[–-]\s*(\d)/g, "$1 to $2")
    .replaceAll("**", "");
}

/** Brings `from` to the form of `to`; `keep(node)` says which inputs hold something not yet sent. */
export function morph(from, to, keep = () => false) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.hasAttribute("data-own")) return; // its contents belong to the reader
  if (to.hasAttribute("data-as-is") || isSettled(from, to)) return; // nothing in it has changed
  const { value } = to; // of a select it is that of the chosen option, which may move over with the children
  morphAttributes(from, to);
  morphChildren(from, to, keep);
  if (!keep(from)) morphValue(from, to, value);
}

// The browser compares faster than we walk; what is typed stands in no attribute, so inputs are walked.
function isSettled(from, to) {
  if (!from.childElementCount || from.nodeName === "SELECT") return false;
  return from.isEqualNode(to) && !from.querySelector("input, select, textarea");
}

function morphAttributes(from, to) {
  const [old, wanted] = [from.attributes, to.attributes];
  for (let at = old.length - 1; at >= 0; at -= 1) {
    const { name } = old[at];
    if (name !== "data-dirty" && !to.hasAttribute(name)) from.removeAttribute(name);
  }
  for (let at = 0; at < wanted.length; at += 1) {
    const { name, value } = wanted[at];
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

// An input's attribute is only its first value; what it shows is a property.
function morphValue(from, to, value) {
  if (from.nodeName === "INPUT") {
    if (from.type === "checkbox") from.checked = to.hasAttribute("checked");
    else if (from.value !== value) from.value = value;
  }
  if (from.nodeName === "SELECT" && from.value !== value) from.value = value;
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null;
}

function morphChildren(from, to, keep) {
  const keyed = new Map([...from.children].map((node) => [keyOf(node), node]));
  keyed.delete(null);
  let place = from.firstChild;
  for (const next of [...to.childNodes]) {
    const old = partner(keyed, place, next);
    if (!old) {
      from.insertBefore(next, place);
      continue;
    }
    if (old === place) place = place.nextSibling;
    else from.insertBefore(old, place);
    morph(old, next, keep);
  }
  while (place) {
    const after = place.nextSibling;
    place.remove();
    place = after;
  }
}

// The element on the screen that `next` is the new form of: by key, else by place.
function partner(keyed, place, next) {
  const key = keyOf(next);
  if (key !== null) {
    const old = keyed.get(key);
    keyed.delete(key);
    return old?.nodeName === next.nodeName ? old : null;
  }
  return place && keyOf(place) === null && place.nodeName === next.nodeName ? place : null;
}
