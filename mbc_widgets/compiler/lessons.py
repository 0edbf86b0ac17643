"""Checks of the lessons: every name exists, every person can be read, every choice has what its exercise is solved by."""

from collections.abc import Mapping
from typing import Any

from mbc_widgets.compiler.cases import Path, check_basis, check_unique, names_of, stems
from mbc_widgets.compiler.read import Reading, every, known
from mbc_widgets.patient import PatientError, read_patient
from mbc_widgets.records import Field

# By the way an exercise is solved: what each of its choices needs, and whether it names a person and a regimen.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "offered": ("regimen",),
    "first": ("regimen",),
    "opens": ("patient",),
    "since": ("day",),
    "longer": ("trial", "endpoint"),
    "judged": ("label", "why"),
}
WITH_PERSON = frozenset({"offered", "first", "opens", "since"})
WITH_REGIMEN = frozenset({"opens", "since"})
FEWEST_CHOICES = 2


def check_lessons(reading: Reading, vocabulary: Mapping[str, Field]) -> None:
    """Report everything that is wrong with the lessons."""
    names = names_of(reading, vocabulary) | {"scenario": stems(reading, "scenarios")}
    earlier: set[str] = set()
    numbers: dict[int, str] = {}
    for file, lesson in sorted(every(reading, "lessons"), key=lambda each: int(each[1]["number"])):
        number = lesson["number"]
        if numbers.setdefault(number, file) != file:
            reading.report(file, ("number",), f"number: {number} is that of {numbers[number]}; choose another")
        known(file, ("retrieval",), lesson.get("retrieval", ()), earlier, reading)
        debates = [each["debate"] for each in lesson.get("discuss", ()) if each.get("debate")]
        known(file, ("discuss",), debates, names["debate"], reading)
        check_unique(file, ("objectives",), [each["id"] for each in lesson["objectives"]], reading)
        check_unique(file, ("exercises",), [each["id"] for each in lesson["exercises"]], reading)
        names["objective"] = {each["id"] for each in lesson["objectives"]}
        for index, exercise in enumerate(lesson["exercises"]):
            path: Path = ("exercises", index)
            _check_exercise(file, path, exercise, names, reading)
            _check_people(file, path, exercise, vocabulary, reading)
        untaught = names["objective"] - {each["objective"] for each in lesson["exercises"]}
        for objective in sorted(untaught):
            reading.report(file, ("objectives",), f"objectives: no exercise is about '{objective}'; write one")
        earlier |= {f"{number}/{each['id']}" for each in lesson["exercises"]}


def _check_exercise(
    file: str, path: Path, exercise: Mapping[str, Any], names: Mapping[str, set[str]], reading: Reading
) -> None:
    solved = exercise["solved"]
    known(file, (*path, "objective"), [exercise["objective"]], names["objective"], reading)
    if solved in WITH_PERSON and not exercise.get("about"):
        reading.report(file, path, f"{exercise['id']}: solved by '{solved}', so it needs the person it is about")
    if exercise.get("about"):
        known(file, (*path, "about", "scenario"), [exercise["about"]["scenario"]], names["scenario"], reading)
    if (solved in WITH_REGIMEN) != bool(exercise.get("regimen")):
        asked = "needs a" if solved in WITH_REGIMEN else "takes no"
        reading.report(file, path, f"{exercise['id']}: solved by '{solved}', so it {asked} regimen of its own")
    known(file, (*path, "regimen"), [exercise["regimen"]] if exercise.get("regimen") else [], names["choice"], reading)
    if len(exercise["choices"]) < FEWEST_CHOICES:
        reading.report(file, (*path, "choices"), f"choices: found {len(exercise['choices'])}; write at least two")
    check_unique(file, (*path, "choices"), [each["id"] for each in exercise["choices"]], reading)
    for index, choice in enumerate(exercise["choices"]):
        _check_choice(file, (*path, "choices", index), choice, solved, names, reading)


def _check_choice(
    file: str, path: Path, choice: Mapping[str, Any], solved: str, names: Mapping[str, set[str]], reading: Reading
) -> None:
    for name in NEEDS[solved]:
        if not choice.get(name):
            reading.report(
                file, path, f"{choice['id']}: '{name}' is missing; an exercise solved by '{solved}' needs it"
            )
    known(file, (*path, "regimen"), [choice["regimen"]] if choice.get("regimen") else [], names["choice"], reading)
    judged = solved == "judged"
    if judged != (choice.get("right") is not None):
        asked = "write right: true or false" if judged else "leave `right` out: it is worked out"
        reading.report(file, path, f"{choice['id']}: {asked}")
    check_basis(file, path, choice, names, reading, fewest=1 if judged or solved == "longer" else 0)


def _check_people(
    file: str, path: Path, exercise: Mapping[str, Any], vocabulary: Mapping[str, Field], reading: Reading
) -> None:
    """Read the person with the change of every choice, as the lesson will."""
    about: Mapping[str, Any] = exercise.get("about") or {}
    scenario = reading.values.get(f"scenarios/{about.get('scenario')}.yaml")
    if scenario is None:
        return
    agents = frozenset(stems(reading, "agents"))
    for place, change in (
        ((*path, "about"), {}),
        *(((*path, "choices", at), each.get("patient", {})) for at, each in enumerate(exercise["choices"])),
    ):
        try:
            read_patient({**scenario["patient"], **about.get("patient", {}), **change}, vocabulary, agents)
        except PatientError as error:
            for problem in error.problems:
                reading.report(file, place, f"{exercise['id']}: {problem}")
            return
