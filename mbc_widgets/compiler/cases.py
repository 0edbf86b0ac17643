"""Checks of the teaching cases: the patient of every decision can be read, every name exists, every expression can be searched."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from mbc_widgets.compiler.read import Reading, every, known
from mbc_widgets.patient import Patient, PatientError, read_patient
from mbc_widgets.patient.story import at_visit
from mbc_widgets.records import Field
from mbc_widgets.records.teaching import BASES

Path = tuple[str | int, ...]
FEWEST, MOST = 3, 5  # decisions


def check_cases(reading: Reading, vocabulary: Mapping[str, Field]) -> None:
    """Report everything that is wrong with the teaching cases."""
    names = names_of(reading, vocabulary)
    for file, case in every(reading, "teaching-cases"):
        _check_case(file, case, reading)
        for index, decision in enumerate(case["decisions"]):
            _check_decision(file, ("decisions", index), decision, names, reading)
        _check_item_ids(file, case, reading)
        _check_patients(file, case, vocabulary, reading)


def names_of(reading: Reading, vocabulary: Mapping[str, Field]) -> dict[str, set[str]]:
    """Give the ids that a ground, a choice or a person may name, by kind."""
    regimens = reading.values.get("regimens.yaml", {}).get("regimens", ())
    suppressed = {f"{r['id']}+goserelin" for r in regimens if r.get("suppression", "none") != "none"}
    return {
        "choice": {r["id"] for r in regimens} | suppressed,
        "field": set(vocabulary),
        "statement": {s["id"] for _, question in every(reading, "rules") for s in question["statements"]},
        "rule": {rule["id"] for _, topic in every(reading, "safety") for rule in topic["rules"]},
        "trial": stems(reading, "trials"),
        "debate": stems(reading, "debates"),
    }


def stems(reading: Reading, folder: str) -> set[str]:
    """Give the names of a folder's files, also of those with a problem: one slip is reported once."""
    return {PurePath(file).stem for file in reading.files if file.startswith(f"{folder}/")}


def _check_case(file: str, case: Mapping[str, Any], reading: Reading) -> None:
    if not case["invented"]:
        reading.report(file, ("invented",), "invented: false; only invented patients are taught here; write true")
    if not FEWEST <= len(case["decisions"]) <= MOST:
        text = f"decisions: found {len(case['decisions'])}; a case has {FEWEST} to {MOST}"
        reading.report(file, ("decisions",), text)
    if not case["objectives"]:
        reading.report(file, ("objectives",), "objectives: empty; write what a learner can do after the case")
    check_unique(file, ("decisions",), [each["id"] for each in case["decisions"]], reading)


def check_unique(file: str, path: Path, ids: list[str], reading: Reading) -> None:
    """Report each id that stands twice."""
    for index, name in enumerate(ids):
        if name in ids[:index]:
            reading.report(file, (*path, index, "id"), f"id: '{name}' is already used in this list; choose another")


def _check_decision(
    file: str, path: Path, decision: Mapping[str, Any], names: Mapping[str, set[str]], reading: Reading
) -> None:
    choices = decision["choices"]
    known(file, (*path, "choices"), choices, names["choice"], reading)
    if len(choices) != len(set(choices)):
        reading.report(file, (*path, "choices"), "choices: a regimen is there twice; name each once")
    check_unique(file, (*path, "points"), [each["id"] for each in decision["points"]], reading)
    for index, point in enumerate(decision["points"]):
        here = (*path, "points", index)
        check_basis(file, here, point, names, reading)
        for text in _unreadable(point["words"]):
            reading.report(file, (*here, "words"), text)
    for index, error in enumerate(decision.get("common_errors", ())):
        here = (*path, "common_errors", index)
        known(file, (*here, "choice"), [error["choice"]], set(choices) | {"more-tests", "supportive-care"}, reading)
        check_basis(file, here, error, names, reading, fewest=0)
    for index, item in enumerate(decision.get("items", ())):
        known(file, (*path, "items", index, "thinking"), [item["thinking"]], names["choice"], reading)


def _check_item_ids(file: str, case: Mapping[str, Any], reading: Reading) -> None:
    """An item is named by its id alone, so that no two of a case share one."""
    used: set[str] = set()
    for index, decision in enumerate(case["decisions"]):
        for at, item in enumerate(decision.get("items", ())):
            if item["id"] in used:
                place = ("decisions", index, "items", at, "id")
                reading.report(file, place, f"id: '{item['id']}' is already an item of this case; choose another")
            used.add(item["id"])


def check_basis(
    file: str, path: Path, item: Mapping[str, Any], names: Mapping[str, set[str]], reading: Reading, *, fewest: int = 1
) -> None:
    """A point rests on one place of the knowledge; a common error may rest on the verdict alone."""
    given = [name for name in BASES if item.get(name) is not None]
    if not fewest <= len(given) <= 1:
        found = ", ".join(given) or "none"
        asked = "exactly" if fewest else "at most"
        text = f"{path[-2]}.{path[-1]}: it rests on {asked} one of {', '.join(BASES)}; found {found}"
        reading.report(file, path, text)
    for name in given:
        if name != "when":
            known(file, (*path, name), [item[name]], names[name], reading)


def _unreadable(words: list[str]) -> Iterator[str]:
    if not words:
        yield "words: empty; write at least one expression that shows that the learner named it"
    for word in words:
        try:
            found = re.compile(word, re.IGNORECASE)
        except re.error as error:
            yield f"words: {word!r} cannot be searched for ({error}); put a backslash before ( ) [ ] + * ? when meant as such"
            continue
        if found.search(""):
            yield f"words: {word!r} is found in every text; write what the learner would have to write"


def _check_patients(file: str, case: Mapping[str, Any], vocabulary: Mapping[str, Field], reading: Reading) -> None:
    agents = frozenset(stems(reading, "agents"))
    visits, before = [], ""
    for index, decision in enumerate(case["decisions"]):
        visits.append(decision.get("patient", {}))
        place: Path = ("decisions", index, "patient") if index else ("patient",)
        try:
            patient = read_patient(at_visit(case["patient"], visits), vocabulary, agents)
        except PatientError as error:
            for problem in error.problems:
                reading.report(file, place, f"decision '{decision['id']}': {problem}")
            return
        day = patient.seen_on.isoformat()
        if index and day <= before:
            text = f"decision '{decision['id']}': seen_on {day} is not after the decision before ({before}); write a later day"
            reading.report(file, place, text)
        before = day
        for at, item in enumerate(decision.get("items", ())):
            here = ("decisions", index, "items", at, "patient")
            for text in _of_finding(item, patient, at_visit(case["patient"], visits), vocabulary, agents):
                reading.report(file, here, f"item '{item['id']}': {text}")


def _of_finding(
    item: Mapping[str, Any],
    patient: Patient,
    raw: Mapping[str, Any],
    vocabulary: Mapping[str, Field],
    agents: frozenset[str],
) -> Iterator[str]:
    """Give what is wrong with the change that a finding makes in the patient of its decision."""
    if "seen_on" in item["patient"]:
        yield "patient: has seen_on; a finding arrives on the day of its decision, so take it out"
        return
    try:
        found = read_patient(at_visit(raw, [item["patient"]]), vocabulary, agents)
    except PatientError as error:
        yield from error.problems
        return
    if found == patient:
        yield "patient: nothing changes; write what the finding changes, as a decision does"
