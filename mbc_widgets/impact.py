"""Which reference patients, on which days, get a different answer by one knowledge than by another.

Reference patients are the scenarios and the cases of `data/cases`. Comes in: two knowledges. Goes out: verdicts that differ,
with the patients, regulators and days. Only regimens behind which something differs are asked anew.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mbc_widgets.eligibility import VERDICT_NAMES, options, supportive
from mbc_widgets.expected import cases
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import Knowledge, narrowed, touched
from mbc_widgets.patient import Patient, PatientError
from mbc_widgets.workbook import patient as read_patient

Place = tuple[str, str, str]  # patient, regulator, day
Verdicts = Mapping[str, str]  # by regimen
Change = tuple[str, str, str]  # regimen, verdict before, verdict now
DAYS = ("2012-03-19", "2016-06-01", "2019-06-01", "2023-06-01")  # and the edition's last
MOST_DAYS = 6
ABSENT = "not listed"
WORDS = {**VERDICT_NAMES, ABSENT: "not among what can concern this patient"}


def reference_patients(known: Knowledge, folder: Path | None) -> dict[str, Mapping[str, Any]]:
    """Give the patient, day and regulator of every reference patient by name; an installed package has the scenarios alone."""
    own = [
        (case.id, {"patient": case.patient, "day": case.day, "regulator": case.regulator})
        for case in (cases(folder) if folder else ())
    ]
    return dict([*known.scenarios.items(), *own])


def changes(old: Knowledge, new: Knowledge, patients: Mapping[str, Mapping[str, Any]]) -> dict[Change, list[Place]]:
    """Give the places of every (regimen, verdict by `old`, verdict by `new`) that differs, in order."""
    found: dict[Change, list[Place]] = {}
    asked = touched(old, new)
    before, after = narrowed(old, asked), narrowed(new, asked)
    for name, raw in patients.items() if asked else ():
        was_read, now_read = _read(raw, old), _read(raw, new)
        for regulator, day in _views(new, raw):
            was, now = _verdicts(was_read, before, day, regulator), _verdicts(now_read, after, day, regulator)
            for regimen in {**was, **now}:
                pair = was.get(regimen, ABSENT), now.get(regimen, ABSENT)
                if pair[0] != pair[1]:
                    found.setdefault((regimen, *pair), []).append((name, regulator, day))
    return dict(sorted(found.items()))


def _read(raw: Mapping[str, Any], known: Knowledge) -> Patient | None:
    try:
        return read_patient(raw["patient"], known)
    except PatientError:  # its words were not known yet
        return None


def _views(known: Knowledge, raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give (regulator, day): the days that everybody is looked at on, and the patient's own."""
    first, last = known.edition.first_day, known.edition.current_day
    days = [*DAYS, last]
    yield from ((regulator, day) for regulator in known.edition.regulators for day in days)
    own = str(raw.get("day") or last)
    if own not in days and first <= own <= last:
        yield raw.get("regulator") or known.edition.default_regulator, own


def _verdicts(person: Patient | None, known: Knowledge, day: str, regulator: str) -> Verdicts:
    try:
        snapshot = known.on(day, regulator)
    except ValueError:  # a day or a regulator that this edition did not have yet
        return {}
    if person is None:
        return {}
    state = facts(person, snapshot)
    listed = (*options(state, snapshot, flips=False), *supportive(state, snapshot))
    return {option.regimen.id: option.verdict for option in listed}


def listed(places: list[Place]) -> Iterator[str]:
    """Give the places as text, a line for each patient and regulator."""
    by_patient: dict[tuple[str, str], list[str]] = {}
    for name, regulator, day in places:
        by_patient.setdefault((name, regulator), []).append(day)
    for (name, regulator), days in by_patient.items():
        more = f" and {len(days) - MOST_DAYS} more days" if len(days) > MOST_DAYS else ""
        yield f"{name}, {regulator}: {', '.join(days[:MOST_DAYS])}{more}"


def looked_at(known: Knowledge) -> str:
    """Say on how many days every patient was looked at."""
    return (
        f"looked at on {len(DAYS) + 1} days and on a day of their own under {len(known.edition.regulators)} regulators"
    )
