"""The expectations of `data/cases`: what an outside source says of a patient on a day, and whether a knowledge still says so.

Comes in: a data folder and a knowledge. Goes out: the cases, and of each the expectations that do not hold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mbc_widgets import strict_yaml
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, OFFERED, Option, options, supportive
from mbc_widgets.facts import facts
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.patient import Patient
from mbc_widgets.workbook import patient as read_patient


@dataclass(frozen=True, kw_only=True)
class Case:
    """A sourced expectation: `expect` holds lists of regimens, groups or drugs by the verdict that is expected."""

    id: str
    name: str
    day: str
    regulator: str
    patient: Mapping[str, Any]
    expect: Mapping[str, Any]
    source: str
    verified: str


@dataclass(frozen=True, kw_only=True)
class Broken:
    """An expectation that does not hold: of `case`, that `name` is `expected`; `found` is the verdict by regimen."""

    case: Case
    name: str
    expected: str
    found: Mapping[str, str]


def cases(folder: Path) -> Iterator[Case]:
    """Give the cases of a data folder, in the order of its files."""
    for path in sorted((folder / "cases").glob("*.yaml")):
        listed: Any = strict_yaml.parse(strict_yaml.read_text(path)).value
        for raw in listed:
            own = {key: raw[key] for key in ("name", "day", "regulator", "expect", "source", "verified")}
            yield Case(id=f"{path.stem}: {raw['name']}", patient=_patient(raw, folder), **own)


def _patient(raw: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """Give the patient of a case: its own, or that of a scenario with some changes."""
    if "scenario" not in raw:
        own: Mapping[str, Any] = raw["patient"]
        return own
    scenario: Any = strict_yaml.parse(strict_yaml.read_text(folder / "scenarios" / f"{raw['scenario']}.yaml")).value
    return {**scenario["patient"], **raw.get("change", {})}


def broken(case: Case, known: Knowledge) -> Iterator[Broken]:
    """Give the expectations of a case that do not hold by `known`."""
    listed = listed_for(read_patient(case.patient, known), known, case.day, case.regulator)
    for expected, names in case.expect.items():
        for name in names:
            concerned = [option for option in listed if names_it(option, name)]
            missing = names[name] if isinstance(names, Mapping) else ()
            if not _holds(expected, concerned, frozenset(missing)):
                found = {option.regimen.id: option.verdict for option in concerned}
                yield Broken(case=case, name=name, expected=expected, found=found)


def listed_for(person: Patient, known: Knowledge, day: str, regulator: str) -> tuple[Option, ...]:
    """Give every option of a patient, those for the bones among them, without what would change the answer."""
    snapshot = known.on(day, regulator)
    state = facts(person, snapshot)
    return (*options(state, snapshot, flips=False), *supportive(state, snapshot))


def names_it(option: Option, name: str) -> bool:
    """Say whether `name` is the regimen of an option, or a group or drug of it."""
    regimen = option.regimen
    return name in {regimen.id, regimen.variant_of, *regimen.groups, *regimen.agents}


def _holds(expected: str, concerned: list[Option], missing: frozenset[str]) -> bool:
    if expected == "needs_test":
        return any(option.verdict == NEEDS_TEST and missing <= set(option.missing) for option in concerned)
    verdicts = [option.verdict for option in concerned]
    if expected == "not_offered":
        return OFFERED not in verdicts
    return {"offered": OFFERED, "not_now": NOT_NOW}[expected] in verdicts
