// The small menus of the header: folds that open over the page, and close by Escape or when something else is touched.
import { h } from "./dom.js";

/** A menu under its name; `body()` is drawn only while it is open. */
export function drawMenu(view, id, name, label, body) {
  const fold = `menu-${id}`;
  const open = Boolean(view.state.open.get(fold));
  return h(
    "details",
    { class: `menu menu-${id}`, "data-menu": fold, "data-fold": fold, "data-key": fold, open },
    h("summary", { class: "menu-name", "aria-label": label }, name),
    open ? h("div", { class: "menu-box", role: "group", "aria-label": label }, body()) : null,
  );
}

/** Closes a menu; the focus goes back to its name when it was inside. */
export function closeMenu(view, menu) {
  const inside = menu.contains(document.activeElement);
  view.state.open.set(menu.dataset.menu, false);
  menu.open = false;
  if (inside) menu.querySelector("summary").focus({ preventScroll: true });
  view.redraw();
}

/** Listens for what closes a menu, and draws one that was opened; returns how to stop. */
export function watchMenus(view) {
  const { root } = view;
  const openOnes = () => [...root.querySelectorAll("details[data-menu][open]")];
  const elsewhere = ({ target }) => {
    for (const menu of openOnes()) if (target.isConnected && !menu.contains(target)) closeMenu(view, menu);
  };
  const pressed = (event) => {
    const menu = event.key === "Escape" ? event.target.closest?.("details[data-menu][open]") : null;
    if (!menu) return;
    event.preventDefault();
    event.stopPropagation(); // the source card behind it stays
    closeMenu(view, menu);
  };
  const toggled = ({ target }) => {
    if (!target.dataset?.menu) return;
    view.state.open.set(target.dataset.menu, target.open);
    view.redraw();
  };
  document.addEventListener("pointerdown", elsewhere, true);
  document.addEventListener("focusin", elsewhere);
  root.addEventListener("keydown", pressed, true);
  root.addEventListener("toggle", toggled, true); // it does not bubble
  return () => {
    document.removeEventListener("pointerdown", elsewhere, true);
    document.removeEventListener("focusin", elsewhere);
    root.removeEventListener("keydown", pressed, true);
    root.removeEventListener("toggle", toggled, true);
  };
}
