"""From the rows of the form to raw history: therapies in months back from the visit.

The form speaks of months; the patient holds days. A row that was not changed keeps its days
exactly, so that editing one line never shifts another.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from mbc_widgets.widgets.engine import Patient, months_between, read_day

DAYS_PER_MONTH = 30.4375
SAME = 0.06  # months; the form shows one decimal
LONGEST = 600.0  # months


class RowError(ValueError):
    """A row of the form that cannot be read; says which, what and what is allowed."""


def therapy_row(raw: Mapping[str, Any], seen_on: date) -> dict[str, Any]:
    """Give the form's row of one raw therapy; the opposite of `raw_therapy`."""
    start = read_day(raw["start"])
    stop = read_day(raw["stop"]) if raw.get("stop") else seen_on
    return {
        "agents": "+".join(raw["agents"]),
        "setting": raw["setting"],
        "months": round(months_between(start, stop), 1),
        "stop_reason": raw.get("stop_reason", "ongoing"),
        "months_ago": round(months_between(stop, seen_on), 1),
    }


def with_therapies(patient: Patient, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the raw patient whose therapies are `rows`; the first metastatic day moves back if a line needs it.

    Raises:
        RowError: a row without a drug, or months that are no number from 0 to 600.
    """
    raw = patient.as_dict()
    old = list(raw.get("prior_therapies", ()))
    shown = [therapy_row(each, patient.seen_on) for each in old]
    taken: set[int] = set()
    therapies = []
    for index, row in enumerate(rows):
        match = _unchanged(row, shown, taken)
        if match is not None:
            taken.add(match)
            therapies.append(old[match])
            continue
        kept = _kept(row, index, old, shown) if len(rows) == len(old) else {}
        therapies.append(kept | raw_therapy(row, index, patient.seen_on))
    raw["prior_therapies"] = therapies
    starts = [str(each["start"]) for each in therapies if each["setting"] == "metastatic"]
    if starts and raw.get("first_metastatic_day"):
        raw["first_metastatic_day"] = min([raw["first_metastatic_day"], *starts])
    return raw


def raw_therapy(row: Mapping[str, Any], index: int, seen_on: date) -> dict[str, Any]:
    """Give the raw therapy of one row of the form.

    Raises:
        RowError: see `with_therapies`.
    """
    if not row.get("agents"):
        raise RowError(f"Prior therapy {index + 1}: no drug is chosen. Choose one or remove the row.")
    reason = row.get("stop_reason") or "ongoing"
    months = _months(row.get("months"), index, "length")
    ago = 0.0 if reason == "ongoing" else _months(row.get("months_ago") or 0, index, "end")
    stop = seen_on - timedelta(days=round(ago * DAYS_PER_MONTH))
    start = stop - timedelta(days=round(months * DAYS_PER_MONTH))
    raw = {
        "agents": str(row["agents"]).split("+"),
        "setting": row.get("setting") or "metastatic",
        "start": start.isoformat(),
        "stop_reason": reason,
    }
    return raw if reason == "ongoing" else raw | {"stop": stop.isoformat()}


def with_sample(patient: Patient, value: Mapping[str, Any]) -> dict[str, Any]:
    """Give the raw patient whose latest sample has the ER, PR and HER2 of `value`; what it lacks stays.

    A patient without a sample gets one of the day of the visit. A result that is emptied is unknown: it is taken out of
    the older samples too, which would answer in its place otherwise.
    """
    raw = patient.as_dict()
    samples = list(raw.get("receptor_samples", ()))
    latest = samples.pop() if samples else {"day": raw["seen_on"]}
    given = {name: value[name] for name in ("er_percent", "pr_percent", "her2") if name in value}
    emptied = {name for name, each in given.items() if each is None}
    changed = {name: each for name, each in (latest | given).items() if each is not None}
    older = [{name: each for name, each in sample.items() if name not in emptied} for sample in samples]
    raw["receptor_samples"] = [*older, changed]
    return raw


def _months(value: object, index: int, what: str) -> float:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is None or not 0 <= number <= LONGEST:
        found = "nothing" if value is None else repr(value)
        raise RowError(f"Prior therapy {index + 1}: the months of its {what} are {found}. Allowed: 0 to {LONGEST:g}.")
    return float(number)


def _unchanged(row: Mapping[str, Any], shown: Sequence[Mapping[str, Any]], taken: set[int]) -> int | None:
    for index, old in enumerate(shown):
        if index not in taken and _same(row, old):
            return index
    return None


def _same(row: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    words = all(row.get(name) == old[name] for name in ("agents", "setting", "stop_reason"))
    return words and all(_near(row.get(name), old[name]) for name in ("months", "months_ago"))


def _near(one: object, other: float) -> bool:
    return isinstance(one, int | float) and abs(one - other) < SAME


# Response, toxicity and dose stay with a row in which only the months were corrected.
def _kept(
    row: Mapping[str, Any],
    index: int,
    old: Sequence[Mapping[str, Any]],
    shown: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    before = shown[index]
    if row.get("agents") != before["agents"] or row.get("stop_reason") != before["stop_reason"]:
        return {}
    shape = {"agents", "setting", "start", "stop", "stop_reason"}
    return {name: value for name, value in old[index].items() if name not in shape}
