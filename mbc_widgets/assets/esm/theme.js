// Light, dark or high contrast: the reader's choice, else the notebook's, else the system's.

const NAMES = ["light", "dark", "contrast"];
const KEY = "mbc-theme";

/** The theme to start with. */
export function startTheme() {
  const stored = read();
  if (NAMES.includes(stored)) return stored;
  if (document.body.dataset.jpThemeLight === "false") return "dark";
  const prefers = (query) => window.matchMedia?.(query).matches ?? false;
  if (prefers("(prefers-contrast: more)")) return "contrast";
  return prefers("(prefers-color-scheme: dark)") && document.body.dataset.mbcPage ? "dark" : "light";
}

/** The one after `theme`. */
export function nextTheme(theme) {
  return NAMES[(NAMES.indexOf(theme) + 1) % NAMES.length];
}

/** Tells the page around the view, when the view is the page, and keeps a choice for the next visit. */
export function rememberTheme(root, theme) {
  if (document.body.dataset.mbcPage) document.documentElement.dataset.mbcTheme = theme;
}

/** Keeps the reader's choice; a browser that stores nothing is no error. */
export function storeTheme(theme) {
  try {
    window.localStorage.setItem(KEY, theme);
  } catch {
    // private window or blocked storage: the choice lasts as long as the page
  }
}

function read() {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
