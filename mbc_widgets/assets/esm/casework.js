// What a learner enters in a case: kept while it is typed, sent when it is committed, and found again after a reload.
//
// It stays in this browser tab (sessionStorage) and goes nowhere else; a tab without storage only forgets it on a reload.

const DRAFT = "mbc-case-draft";
const SAVED = "mbc-case-saved";
const MOST_LETTERS = 200_001; // of a panel file; Python says that it is too long

/** What was entered for the open decision and is not committed: choice, other, sure, reason. */
export function draftOf({ page }) {
  return read(draftKey(page)) ?? page.case?.open?.committed ?? {};
}

function draftKey({ case: mode }) {
  return `${DRAFT}:${mode?.open?.id}:${mode?.open?.decision}`;
}

/** Keeps what is in the form of the case; says whether `target` belongs to it. */
export function keepDraft(view, target) {
  const form = target.closest?.("[data-case-form]");
  if (!form) return false;
  write(draftKey(view.page), entered(form));
  if (target.matches("[name$='-choice']")) view.redraw(); // something else opens a field to type in
  return true;
}

function entered(form) {
  const data = new FormData(form);
  const value = (name) => String([...data].find(([key]) => key.endsWith(`-${name}`))?.[1] ?? "");
  return { choice: value("choice"), other: value("other"), sure: value("sure"), reason: value("reason") };
}

/** Sends what is in the form. */
export function commitCase(view) {
  const form = view.root.querySelector("[data-case-form]");
  if (form) view.send({ type: "case-commit", ...entered(form) });
}

/** Reads a panel file that was picked and sends its text; says whether `target` picks one. */
export function takePanel(view, target) {
  if (!target.matches?.("[data-case-panel]")) return false;
  const [file] = target.files ?? [];
  if (file)
    file
      .text()
      .then((text) => view.send({ type: "case-panel", name: file.name, text: text.slice(0, MOST_LETTERS) }))
      .catch(() => view.send({ type: "case-panel", name: file.name, text: "" }));
  target.value = ""; // so that the same file, mended, can be picked again
  return true;
}

/** The case that was open before a reload, when it is still in the library; null when there is none. */
export function savedCase({ page }) {
  const saved = read(SAVED);
  const known = (page.case?.library ?? []).find(({ id }) => id === saved?.case);
  return known ? { saved, title: known.title } : null;
}

/** Notes how far the learner is, forgets a draft that is committed, and brings the focus to what is new. */
export function arrived(view) {
  const { open } = view.page.case;
  if (!open) {
    view.state.caseAt = null;
    return;
  }
  if (view.state.caseAt === undefined && resumed(view, open)) return;
  if (open.saved.answers.length) write(SAVED, open.saved);
  const at = [open.id, open.number, open.finished, JSON.stringify(open.committed ?? null)].join("|");
  const before = view.state.caseAt;
  view.state.caseAt = at;
  if (before === undefined || before === at) return;
  if (open.committed) forget(draftKey(view.page));
  const part = open.committed ? ".case-then h2" : ".case-story h2";
  requestAnimationFrame(() => {
    const heading = view.root.querySelector(part);
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "nearest" });
  });
}

// The address tells which case was open, this tab how far the learner was.
function resumed(view, open) {
  const saved = read(SAVED);
  if (saved?.case !== open.id || open.saved.answers.length) return false;
  view.state.caseAt = null;
  view.send({ type: "case-resume", saved });
  return true;
}

function read(key) {
  try {
    return JSON.parse(window.sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    window.sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // no storage here: what is typed stays on the page all the same
  }
}

function forget(key) {
  try {
    window.sessionStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}
