// The tables of the page as rows, and rows as CSV.

/** Every table that there is now: {id, label, columns, rows}. */
export function tablesOf(view) {
  return [clocks(view.page), board(view.page), options(view.page), evidence(view.page), ...outcomes(view)].filter(
    (table) => table?.rows.length,
  );
}

/** Rows as CSV with their columns above; a cell that a spreadsheet would take for a formula is kept a text. */
export function toCsv({ columns, rows }) {
  return `${[columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(value) {
  const text = plain(value);
  const safe = /^[=+@\t\r]|^-(?![\d.]*$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plain(value) {
  return String(value ?? "").replaceAll("**", "");
}

function board({ board: shown }) {
  return shown?.table ? { id: "board", label: "Sequence board", ...shown.table } : null;
}

/** The three clocks, where they are shown. */
export function clocksOf({ mode, compare }) {
  return mode === "compare" ? (compare?.clocks ?? null) : null;
}

function clocks(page) {
  const shown = clocksOf(page);
  return shown ? { id: "clocks", label: "Three clocks", ...shown.table } : null;
}

const OPTIONS = ["verdict", "option", "figure", "figure of", "because", "missing", "blocked by", "against", "fit", "cautions", "licence", "recommendations"];

function options({ options: shown }) {
  const told = (list) => (list ?? []).map(({ text, source }) => (source ? `${text} [${source}]` : text)).join("; ");
  const row = (verdict, option) => [
    verdict,
    option.name,
    option.figure,
    option.figure_title,
    told(option.because),
    (option.missing ?? []).map(({ label }) => label).join("; "),
    told(option.blocked_by),
    told(option.against),
    [option.fit?.word, option.fit?.text].filter(Boolean).join(": "),
    told(option.cautions),
    option.licence?.text,
    (option.recommendations ?? []).map(({ text, verified }) => `${text}${verified === false ? " (recalled)" : ""}`).join("; "),
  ];
  const rows = (shown?.groups ?? []).flatMap((group) => group.options.map((option) => row(group.label, option)));
  return { id: "options", label: "Options with reasons", columns: OPTIONS, rows };
}

function evidence({ evidence: shown }) {
  if (!shown) return null;
  const columns = [...shown.columns, { id: "url", label: "Address" }];
  const rows = shown.rows.map((row) => columns.map(({ id }) => row[id]));
  return { id: "evidence", label: "Trial results", columns: columns.map(({ label }) => label), rows };
}

// A picture of several sequences is one table, with the sequence in its first column.
function outcomes({ state }) {
  const { shown } = state;
  const lanes = (shown?.chosen ?? []).map((letter) => shown.lanes.find((lane) => lane.letter === letter)).filter(Boolean);
  const found = new Map();
  for (const lane of lanes) {
    for (const [id, figure] of Object.entries(lane)) {
      if (!figure?.table?.rows) continue;
      const table = found.get(id) ?? { id, label: labelOf(figure), columns: ["sequence", ...figure.table.columns], rows: [] };
      table.rows.push(...figure.table.rows.map((row) => [`${lane.letter} ${lane.label}`, ...row]));
      found.set(id, table);
    }
  }
  return [...found.values()];
}

function labelOf({ title }) {
  return title.replace(/, sequence [A-Z]$/, "").replace(/\bsequence [A-Z] is\b/, "each sequence is");
}
