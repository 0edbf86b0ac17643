"""Checks of the course maps: every piece is taught somewhere, and what is said of it today rests on one place that exists."""

from collections.abc import Iterator, Mapping
from typing import Any

from mbc_widgets.compiler.cases import Path, check_unique, names_of, stems
from mbc_widgets.compiler.check import FIGURE
from mbc_widgets.compiler.read import Reading, every, known
from mbc_widgets.records import Field
from mbc_widgets.records.course import GROUNDS


def check_course(reading: Reading, vocabulary: Mapping[str, Field]) -> None:
    """Report every piece that is taught nowhere, and every name that does not exist."""
    lessons = [lesson for _, lesson in every(reading, "lessons")]
    names = names_of(reading, vocabulary) | {
        "agent": set(_licensed(reading)),
        "taught": {f"{lesson['number']}/{each['id']}" for lesson in lessons for each in lesson["exercises"]},
        "cells": {f"{lesson['number']}/{trial}" for lesson in lessons for trial in stems(reading, "trials")},
        "edition": {each["id"] for each in reading.values.get("guidelines.yaml", {}).get("editions", ())},
    }
    for file, course in every(reading, "course"):
        known(file, ("edition",), [course["edition"]], names["edition"], reading)
        check_unique(file, ("items",), [each["id"] for each in course["items"]], reading)
        names["part"] = {part["id"] for part in course["parts"]}
        for index, item in enumerate(course["items"]):
            _check_item(file, ("items", index), item, names, reading)


def _licensed(reading: Reading) -> Iterator[str]:
    return (agent["id"] for _, agent in every(reading, "agents") if agent.get("licences"))


def _check_item(
    file: str, path: Path, item: Mapping[str, Any], names: Mapping[str, set[str]], reading: Reading
) -> None:
    known(file, (*path, "part"), [item["part"]], names["part"], reading)
    for key in ("taught", "cells"):
        known(file, (*path, key), item.get(key, ()), names[key], reading)
    if not item.get("taught") and not item.get("cells"):
        text = f"{item['id']}: taught nowhere; name exercises under `taught` or printed trials under `cells`"
        reading.report(file, path, text)
    for where, text in (("then", item["then"]), ("now", item["now"]["says"])):
        if FIGURE.search(text):
            reading.report(file, (*path, where), f"{where}: a figure in the words; name its trial, and it is printed")
    given = [name for name in GROUNDS if item["now"].get(name)]
    if len(given) != 1:
        found = ", ".join(given) or "none"
        text = f"{item['id']}: today's answer rests on exactly one of {', '.join(GROUNDS)}; found {found}"
        reading.report(file, (*path, "now"), text)
    for name in given:
        known(file, (*path, "now", name), [item["now"][name]], names[name], reading)
