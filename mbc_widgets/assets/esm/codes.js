// The code of the page in the header: to read it out, to copy it or a link, and to open one that was typed.
import { isOwnPage, linkTo } from "./address.js";
import { doButton, h } from "./dom.js";
import { closeMenu, drawMenu } from "./menus.js";

const SHORT = 14; // letters of a code that the header has room for
const SAID = 2500; // ms that "copied" is said

/** The code as the name of its menu. */
export function drawCode(view) {
  const { page } = view;
  if (!page.code) return null;
  const short = page.code.length > SHORT ? `${page.code.slice(0, SHORT)}…` : page.code;
  const name = [h("span", { class: "menu-word" }, "Code "), h("code", {}, short)];
  return drawMenu(view, "code", name, `Code ${page.code}: copy it, or open another`, () => body(view));
}

function body(view) {
  const { page, state } = view;
  return [
    h("p", { class: "k s" }, "This page, to write down or to send"),
    h("p", {}, h("code", { class: "code whole", "data-mbc": "code" }, page.code)),
    h(
      "div",
      { class: "menu-row" },
      doButton("Copy code", "copy-code", { "data-key": "copy-code" }),
      isOwnPage(view) ? doButton("Copy link", "copy-link", { "data-key": "copy-link" }) : null,
      h("span", { class: "s sub", role: "status" }, state.copied ?? ""),
    ),
    openForm(view),
  ];
}

function openForm({ page, uid }) {
  const wrong = Boolean(page.code_error);
  const id = `${uid}-code`;
  return h(
    "form",
    { class: "open-code", "data-open-code": true, novalidate: true },
    h("label", { for: id, class: "k s" }, "Open a code"),
    h(
      "div",
      { class: "menu-row" },
      h("input", {
        id,
        type: "text",
        "data-code": true,
        value: page.code_typed ?? "",
        placeholder: "ABCD-1234",
        autocomplete: "off",
        autocapitalize: "characters",
        spellcheck: "false",
        "aria-invalid": wrong ? "true" : null,
        "aria-describedby": `${id}-note`,
      }),
      h("button", { type: "submit", class: "primary" }, "Open"),
    ),
    h(
      "p",
      { id: `${id}-note`, class: wrong ? "s wrong" : "s sub", role: wrong ? "alert" : null },
      wrong ? page.code_error : "Capitals and dashes do not matter. Undo brings back what is here now.",
    ),
  );
}

/** What the buttons do. */
export const CODE_ACTIONS = {
  "copy-code": (view) => copy(view, view.page.code, "Code copied"),
  "copy-link": (view) => copy(view, linkTo(view.page.code), "Link copied"),
};

async function copy(view, text, said) {
  view.state.copied = (await toClipboard(view, text)) ? said : "This browser does not copy; select the code above";
  view.redraw();
  setTimeout(() => {
    view.state.copied = "";
    view.redraw();
  }, SAID);
}

// Without https, as in a lecture hall, the new way is shut and the old one works.
async function toClipboard({ root }, text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const field = h("textarea", { class: "hide", "aria-hidden": "true" });
    field.value = text;
    (root.querySelector(".menu-code .menu-box") ?? root).append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    return done;
  }
}

/** Listens for a typed code; returns how to stop. */
export function watchCodes(view, model) {
  const { root } = view;
  let opening = false;
  const typed = ({ target }) => target.matches("[data-code]") && target.setAttribute("data-dirty", "");
  const submitted = ({ target }) => {
    if (!target.matches("[data-open-code]")) return;
    const input = target.querySelector("[data-code]");
    input.removeAttribute("data-dirty");
    opening = true;
    view.send({ type: "code", text: input.value });
  };
  const answered = (message) => {
    if (message?.type !== "done" || !opening) return;
    opening = false;
    const menu = root.querySelector(".menu-code[open]");
    if (menu && !model.get("page").code_error) closeMenu(view, menu);
  };
  root.addEventListener("input", typed);
  root.addEventListener("submit", submitted);
  model.on("msg:custom", answered);
  return () => {
    root.removeEventListener("input", typed);
    root.removeEventListener("submit", submitted);
    model.off("msg:custom", answered);
  };
}
