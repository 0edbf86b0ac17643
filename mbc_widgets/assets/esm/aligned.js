// Where lanes stand: months count from the diagnosis, from now, or from the end of a line, which is another month in each lane.

/** A lane with all its months moved by `by`. */
export function moved(lane, by) {
  if (!by) return lane;
  return {
    ...lane,
    bars: lane.bars.map((bar) => ({ ...bar, start: bar.start + by, end: bar.end + by })),
    tests: lane.tests.map((test) => ({ ...test, month: test.month + by })),
    end: lane.end ? { ...lane.end, month: lane.end.month + by } : lane.end,
  };
}

/** A lane of the board in months since diagnosis, however the board is aligned. */
export function sinceDiagnosis(lane) {
  return moved(lane, lane.zero ?? 0);
}

/** A lane in months since diagnosis as the board would have it, `since` being its months from diagnosis to now; as figures/aligned.py. */
export function alignedTo(board, lane, since) {
  const line = Number(/^line-(\d+)$/.exec(board.aligned ?? "")?.[1] ?? 0);
  const ends = (bars) => Math.max(...bars.map(({ end }) => end));
  const those = lane.bars.filter((bar) => bar.line === line);
  const zero = line ? ends(those.length ? those : lane.bars) : board.aligned === "now" ? since : 0;
  const apart = line && !those.length ? `no line ${line}: stands at its own end` : "";
  return { ...moved(lane, -zero), zero, apart, now: since - zero };
}
