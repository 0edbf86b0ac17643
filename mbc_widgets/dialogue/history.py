"""From the rows of the form to raw history: therapies in months back from the visit.

The form speaks of months; the patient holds days. A row that was not changed keeps its days
exactly, so that editing one line never shifts another.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import floor
from typing import Any

from mbc_widgets.dialogue.engine import DAYS_PER_MONTH, Patient, months_between, read_day
from mbc_widgets.slips import Slip

SAME = 0.06  # months; the form shows one decimal
LONGEST = 600.0  # months


class RowError(Slip):
    """A row of the form that cannot be read; says which (`index`, and which `part` of it), what and what is allowed."""

    def __init__(self, index: int, part: str, text: str) -> None:
        super().__init__(f"**Prior therapy {index + 1}:** {text}")
        self.index, self.part = index, part


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
        RowError: a row without a drug, months that are no number from 0 to 600, or a line before the diagnosis.
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
        _check_start(therapies[-1], index, patient)
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
        raise RowError(index, "agents", "no drug is chosen. Choose one or remove the row.")
    reason = row.get("stop_reason") or "ongoing"
    months = _months(row.get("months"), index, "months")
    ago = 0.0 if reason == "ongoing" else _months(row.get("months_ago") or 0, index, "months_ago")
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


def _check_start(raw: Mapping[str, Any], index: int, patient: Patient) -> None:
    """Refuses a line for metastatic disease from before the diagnosis: it would move the first metastatic day there."""
    first = patient.diagnosis_day
    if raw["setting"] != "metastatic" or not first or read_day(raw["start"]) >= first:
        return
    stop = read_day(raw["stop"]) if raw.get("stop") else patient.seen_on
    if stop < first:
        longest = _tenths(months_between(first, patient.seen_on))
        told = (
            f"it ended in {stop:%Y-%m}, before the diagnosis of {first}. Allowed: ended at most {longest:g} months ago"
        )
        raise RowError(index, "months_ago", f"{told}; or remove the row.")
    longest = _tenths(months_between(first, stop))
    began = f"it began in {raw['start'][:7]}, before the diagnosis of {first}. Allowed: at most {longest:g} months"
    raise RowError(index, "months", f"{began}, or the setting adjuvant or neoadjuvant.")


def _tenths(months: float) -> float:
    return floor(months * 10) / 10


PARTS = {"months": "For", "months_ago": "Ended, ago"}  # as the form calls them


def _months(value: object, index: int, part: str) -> float:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is not None and 0 <= number <= LONGEST:
        return float(number)
    wrong = "is empty" if value is None else f"{value!r} is {'no number' if number is None else 'out of range'}"
    raise RowError(index, part, f"{PARTS[part]} {wrong}. Allowed: 0 to {LONGEST:g} months.")


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
