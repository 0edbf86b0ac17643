// Which row of the therapies is which: Python sorts them by time, so a place in the list names nothing for long.

const SAME_DRUGS = ["agents", "setting"];

/** A key per row that stays its own when rows are sorted anew: the fold and the focus go with it. */
export function rowKeys(state, rows) {
  const before = state.rows;
  const keys = rows.map(() => null);
  const left = new Set(before);
  const rules = [isSame, hasSameDrugs, (one, other) => one.agents === other.agents, () => true];
  for (const rule of rules.slice(0, rows.length === before.length ? 4 : 3)) {
    rows.forEach((row, index) => {
      if (keys[index]) return;
      const found = [...left].find((each) => rule(each.row, row));
      if (!found) return;
      left.delete(found);
      keys[index] = found.key;
    });
  }
  for (const [index, key] of keys.entries()) keys[index] = key ?? newKey(state);
  state.rows = rows.map((row, index) => ({ key: keys[index], row }));
  return keys;
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function hasSameDrugs(one, other) {
  return SAME_DRUGS.every((part) => one[part] === other[part]);
}

function newKey(state) {
  state.rowsMade += 1;
  return `therapy-${state.rowsMade}`;
}
