"""Scenarios: a teaching patient by its id, or a file of one's own, checked whole before anything is worked out.

Comes in: an id or a path. Goes out: a `LoadedScenario` with the patient, day, regulator and guideline body, or a
`ScenarioError` that lists every problem with what to do. A file of one's own may hold what nobody could have given: a
drug before it was known anywhere is refused here, while a drug only before its licence is a warning of `prompts`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mbc_widgets.conditions import nearest
from mbc_widgets.knowledge import Knowledge, body_meant
from mbc_widgets.patient import Patient, PatientError
from mbc_widgets.records import Scenario
from mbc_widgets.slips import Slip
from mbc_widgets.workbook import patient as read_patient

if TYPE_CHECKING:
    from mbc_widgets.strict_yaml import Document

KEYS = tuple(field.name for field in fields(Scenario))
_FULL_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NAMED = re.compile(r"patient\.(\w+)")


class ScenarioError(Slip):
    """A scenario that cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class LoadedScenario:
    """A checked scenario: the patient, and the day, regulator and guideline body ("" for all) by which it is meant to be read."""

    id: str
    title: str
    teaches: str
    patient: Patient
    day: str
    regulator: str
    body: str = ""


def load_scenario(name: str, knowledge: Knowledge) -> LoadedScenario:
    """Give the scenario that `name` means: an existing file, or the id of a shipped scenario.

    Raises:
        ScenarioError: neither, or the file has problems; all are listed.

    """
    path = Path(name)
    if _is_there(path):
        return _from_file(path, knowledge)
    if name in knowledge.scenarios:
        return from_mapping(knowledge.scenarios[name], name, knowledge)
    shipped = ", ".join(knowledge.scenarios)
    raise ScenarioError(
        (
            f"{name}: no such file and no such scenario{nearest(name, knowledge.scenarios)} Give the path of a YAML file, or one of: {shipped}",
        )
    )


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _from_file(path: Path, knowledge: Knowledge) -> LoadedScenario:
    from mbc_widgets import strict_yaml

    if not path.is_file():
        raise ScenarioError(
            (f"{path}: this is not a file; give the path of one scenario, for example data/scenarios/man.yaml",)
        )
    try:
        document = strict_yaml.parse(strict_yaml.read_text(path))
    except strict_yaml.YamlError as error:
        raise ScenarioError((f"{path}:{error.line}: {error}",)) from None
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number of thousands of digits, a nesting of thousands of levels
        reason = str(error).split(";", maxsplit=1)[0]
        raise ScenarioError(
            (f"{path}:1: this cannot be read as YAML ({reason}); start from data/templates/scenario.yaml",)
        ) from None
    try:
        return from_mapping(document.value, path.stem, knowledge)
    except ScenarioError as error:
        raise ScenarioError(
            tuple(f"{path}:{_line(problem, document)}: {problem}" for problem in error.problems)
        ) from None


def _line(problem: str, document: "Document") -> int:
    """Give the line of the key that a problem names; rows are sorted when read, so for them the line of their list."""
    named = _NAMED.match(problem)
    key = problem.split(":", maxsplit=1)[0]
    return document.line(("patient", named[1]) if named else (key,))


def from_mapping(raw: object, name: str, knowledge: Knowledge) -> LoadedScenario:
    """Give the scenario in `raw`, a mapping as a scenario file holds it; `name` stands in for an id.

    Raises:
        ScenarioError: every problem at once, those of the patient included.

    """
    if not isinstance(raw, Mapping):
        raise ScenarioError(
            (
                f"scenario: expected 'key: value' pairs such as patient:, found {_shown(raw)}; start from data/templates/scenario.yaml",
            )
        )
    problems = [*_key_problems(raw), *_text_problems(raw)]
    day = _day(raw.get("day"), knowledge, problems)
    regulator = _regulator(raw.get("regulator"), knowledge, problems)
    body = _body(raw.get("body"), knowledge, (day, regulator), problems)
    patient = _patient(raw.get("patient"), knowledge, problems)
    if patient is None or problems:
        raise ScenarioError(tuple(problems))
    return LoadedScenario(
        id=str(raw.get("id") or name),
        title=str(raw.get("title") or raw.get("id") or name),
        teaches=str(raw.get("teaches") or ""),
        patient=patient,
        day=day,
        regulator=regulator,
        body=body,
    )


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a message stays on a line


def _key_problems(raw: Mapping[str, object]) -> Iterator[str]:
    for key in raw:
        if key not in KEYS:
            yield f"{key}: unknown key{nearest(key, KEYS)} Allowed: {', '.join(KEYS)}; what belongs to the patient goes under patient:"
    if raw.get("patient") is None:
        yield "patient: missing; add it (a template with every key is in data/templates/scenario.yaml)"


def _text_problems(raw: Mapping[str, object]) -> Iterator[str]:
    for key in ("id", "title", "teaches"):
        if isinstance(raw.get(key), Mapping | list):
            yield f"{key}: expected words, found {_shown(raw[key])}"


def _day(given: object, knowledge: Knowledge, problems: list[str]) -> str:
    edition = knowledge.edition
    if given is None:
        return edition.current_day
    try:
        return checked_day(given, knowledge)
    except ValueError as error:
        problems.append(str(error))
        return edition.current_day


def checked_day(given: object, knowledge: Knowledge) -> str:
    """Give the ISO day of `2021-06-30`, or the last day of the month `2021-06` or year `2021`, inside the edition.

    Raises:
        ValueError: not a day, or outside the edition.

    """
    first, last = knowledge.edition.first_day, knowledge.edition.current_day
    try:
        day = exact_day(given)
    except ValueError:
        message = f"day: {_shown(given)} is not a day; write YYYY-MM-DD, YYYY-MM or YYYY, from {first} to {last}"
        raise ValueError(message) from None
    if not first <= day <= last:
        message = f"day: {given} is outside this edition; allowed {first} to {last}; choose a day between them"
        raise ValueError(message)
    return day


def exact_day(given: object) -> str:
    """Give the ISO text of a day; a month or a year is widened to its last day, as everywhere in the knowledge.

    Raises:
        ValueError: not a day.

    """
    from calendar import monthrange
    from datetime import date

    text = str(given)
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        text += "-12"
    if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        year, month = map(int, text.split("-"))
        if not 1 <= month <= 12 or year < 1:  # noqa: PLR2004 - months
            raise ValueError(given)
        text += f"-{monthrange(year, month)[1]:02d}"
    if not _FULL_DAY.fullmatch(text):
        raise ValueError(given)
    return date.fromisoformat(text).isoformat()


def _regulator(given: object, knowledge: Knowledge, problems: list[str]) -> str:
    edition = knowledge.edition
    if given is None:
        return edition.default_regulator
    try:
        return checked_regulator(given, knowledge)
    except ValueError as error:
        problems.append(str(error))
        return edition.default_regulator


def checked_regulator(given: object, knowledge: Knowledge) -> str:
    """Give the regulator that is meant.

    Raises:
        ValueError: not one that the edition covers.

    """
    allowed = knowledge.edition.regulators
    for regulator in allowed:
        if given == regulator:
            return str(regulator)
    message = (
        f"regulator: {_shown(given)} is not covered{nearest(str(given).upper(), allowed)} Allowed: {', '.join(allowed)}"
    )
    raise ValueError(message)


def _body(given: object, knowledge: Knowledge, place: tuple[str, str], problems: list[str]) -> str:
    try:
        return body_meant(given or "", knowledge, *place)
    except ValueError as error:
        problems.append(str(error))
        return ""


def _patient(raw: Any, knowledge: Knowledge, problems: list[str]) -> Patient | None:
    if raw is None:
        return None
    try:
        patient = read_patient(raw, knowledge)
    except PatientError as error:
        problems += error.problems
        return None
    problems += impossible_days(patient, knowledge)
    return patient


def impossible_days(patient: Patient, knowledge: Knowledge) -> tuple[str, ...]:
    """Give what cannot be at that time: a visit after the edition, a drug before anybody knew it."""
    found = []
    last = knowledge.edition.current_day
    if patient.seen_on.isoformat() > last:
        found.append(
            f"patient.seen_on: {patient.seen_on} is after the last day of this edition ({last}); write that day or an earlier one"
        )
    for index, therapy in enumerate(patient.prior_therapies):
        for agent in therapy.agents:
            known = first_known(agent, knowledge)
            if known and therapy.start.isoformat() < known:
                name = knowledge.agents[agent].name
                found.append(
                    f"patient.prior_therapies[{index}].start: {name} was started on {therapy.start}, but its first known report or"
                    f" licence is of {known}; allowed is that day or later; check the day and the drug"
                )
    return tuple(found)


@cache
def first_known(agent: str, knowledge: Knowledge) -> str | None:
    """Give the day of the first trace of a drug in the knowledge, or None when it was in use before all records.

    A trace is a trial that has it in an arm (start or first report), or a licence of any regulator.
    """
    drug = knowledge.agents[agent]
    if any(licence.established for licence in drug.licences):
        return None
    days = [licence.granted for licence in drug.licences] + [drug.first_licence]
    regimens = {regimen.id for regimen in knowledge.regimens.values() if agent in regimen.agents}
    for trial in knowledge.raw_trials.values():
        if any(_has(arm, drug.name, regimens) for arm in trial["arms"]):
            days += [trial.get("started"), trial.get("first_report")]
            days += [result["reported"] for result in trial.get("results", ())]
    return min((day for day in days if day), default=None)


def _has(arm: Mapping[str, Any], drug: str, regimens: set[str]) -> bool:
    """Say whether an arm is one of the regimens, or names the drug (an arm of a failed drug has no regimen)."""
    listed = {*arm.get("regimens", ()), *arm.get("choice_of", ())}
    return bool(listed & regimens) or re.search(rf"\b{re.escape(drug)}\b", arm["name"], re.IGNORECASE) is not None
