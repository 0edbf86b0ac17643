"""Read the files of a data folder: strict YAML, days and conditions made exact, shapes checked; all problems kept."""

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from mbc_widgets import strict_yaml
from mbc_widgets.compiler import shapes
from mbc_widgets.compiler.problems import Problem
from mbc_widgets.conditions import ConditionError, Tree, nearest, parse
from mbc_widgets.records import Field
from mbc_widgets.strict_yaml import Document, YamlError

CONDITION_KEYS = frozenset({"when", "opens", "applies", "population_when", "shows"})
DAY_KEYS = frozenset({
    "granted", "withdrawn", "since", "until", "reported", "first_report", "started", "enrolled_until", "checked", "due", "published",
    "unverified_after", "first_licence", "first_day", "current_day", "day",
})  # fmt: skip
OWN_KEYS = frozenset({"patient", "plausible_because"})  # raw history, read by patient.read_patient; remarks by key
WORKED_OUT = {
    "results": "reported",
    "licences": "granted",
    "statements": "since",
}  # by list: the day whose precision is kept
PRECISIONS = frozenset(f"{day}_to" for day in WORKED_OUT.values())  # a record has them, a file never
NO_DAY = "1950-01-01"  # stands for a day that could not be read, so that the rest is checked too
IGNORED = ("templates/", "schema/", ".compiled/", "cases/")


@dataclass
class Reading:
    """What was read so far: plain mappings by file, the documents for line numbers, and the problems."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: tuple[str, ...] = ()

    def report(self, file: str, path: tuple[str | int, ...], text: str) -> None:
        """Keep one problem at the line of `path`."""
        document = self.documents.get(file)
        self.problems.append(Problem(f"data/{file}", document.line(path) if document else 1, text))


def read_folder(folder: Path, instead: Mapping[str, str] | None = None) -> tuple[Reading, dict[str, Field]]:
    """Give the reading of every knowledge file and the vocabulary with all its states spelled out.

    `instead` holds the text of files (`agents/x.yaml`) that are read in the place of those of the folder, or beside them.
    """
    reading = Reading()
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.yaml")}
    paths |= {name: folder / name for name in instead or ()}
    paths = {name: path for name, path in sorted(paths.items()) if not name.startswith(IGNORED)}
    reading.files = tuple(paths)
    for name, path in paths.items():
        try:
            reading.documents[name] = _document(name, path, instead)
        except YamlError as error:
            reading.problems.append(Problem(f"data/{name}", error.line, str(error)))
    reading.problems += [
        Problem(f"data/{name}", 1, "missing; the knowledge needs this file")
        for name in shapes.FILES
        if name not in paths
    ]
    vocabulary = _vocabulary(reading)
    for name in reading.documents:
        if name != "vocabulary.yaml":
            _read_file(name, reading, vocabulary)
    return reading, vocabulary


def _document(name: str, path: Path, instead: Mapping[str, str] | None) -> Document:
    """Give a parsed file; where texts stand in for some, the others are parsed once and kept for the next change."""
    if instead is None:
        return strict_yaml.parse(strict_yaml.read_text(path))
    return strict_yaml.parse(instead[name]) if name in instead else _kept(path, path.stat().st_mtime_ns)


@cache
def _kept(path: Path, _: int) -> Document:
    return strict_yaml.parse(strict_yaml.read_text(path))


def _vocabulary(reading: Reading) -> dict[str, Field]:
    """Read the vocabulary first; `states: agents` and `states: drug_classes` name lists kept elsewhere."""
    document = reading.documents.get("vocabulary.yaml")
    if document is None:
        return {}
    exact = _exact(document.value, (), "vocabulary.yaml", reading, {})
    value = _checked("vocabulary.yaml", exact, reading)
    if value is None:
        return {}
    stems = {Path(name).stem: name for name in reading.files if name.startswith("agents/")}
    agents = {stem: _agent_name(reading.documents.get(name)) for stem, name in stems.items()}
    lists = {"agents": agents, "drug_classes": {c["id"]: c["label"] for c in value["drug_classes"]}}
    found = {}
    for entry in value["fields"]:
        if isinstance(entry.get("states"), str):
            entry["states"] = lists[entry["states"]]
        found[entry["id"]] = Field(**entry)
    return found


def _agent_name(document: Document | None) -> str:
    value = document.value if document else None
    return str(value.get("name", "")) if isinstance(value, Mapping) else ""


def _read_file(name: str, reading: Reading, vocabulary: Mapping[str, Field]) -> None:
    if shapes.shape_of(name) is None:
        reading.report(name, (), "no such kind of file; allowed folders: " + ", ".join(shapes.FOLDERS))
        return
    words = {**vocabulary, **_with_placeholder(vocabulary)} if name.startswith("safety/") else vocabulary
    exact = _exact(reading.documents[name].value, (), name, reading, words)
    _checked(name, exact, reading)


def _with_placeholder(vocabulary: Mapping[str, Field]) -> dict[str, Field]:
    """Let a safety rule write `$agent` or `$every_agent` wherever a drug is a state."""
    return {
        key: replace(entry, states={**entry.states, "$agent": "it", "$every_agent": "all of it"})
        for key, entry in vocabulary.items()
        if key.startswith("agents_") or key == "severe_reaction_to"
    }


def _checked(name: str, value: object, reading: Reading) -> dict[str, Any] | None:
    shape = shapes.shape_of(name)
    plain, problems = shapes.validate(shape, value) if shape else (None, [])
    for path, text in problems:
        reading.report(name, path, text)
    if plain is not None:
        reading.values[name] = plain
    return plain


def _exact(value: Any, path: tuple[str | int, ...], name: str, reading: Reading, words: Mapping[str, Field]) -> Any:
    """Give `value` with every day widened to ISO text and every condition parsed."""
    if isinstance(value, list):
        return [_exact(item, (*path, index), name, reading, words) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    exact = {}
    for key, item in value.items():
        here = (*path, key)
        if key in OWN_KEYS:
            exact[key] = item
        elif key in PRECISIONS:
            day = key.removesuffix("_to")
            reading.report(name, here, f"{'.'.join(map(str, here))}: worked out from `{day}`; leave it out")
        elif key in CONDITION_KEYS and item is not None:
            exact[key] = _condition(item, here, name, reading, words)
        elif key in DAY_KEYS and item is not None:
            exact[key] = _day(item, here, name, reading)
            if key == WORKED_OUT.get(str(path[0]) if path else ""):
                exact[f"{key}_to"] = ("year", "month", "day")[min(str(item).count("-"), 2)]
        else:
            exact[key] = _exact(item, here, name, reading, words)
    return exact


def _condition(raw: Any, path: tuple[str | int, ...], name: str, reading: Reading, words: Mapping[str, Field]) -> Tree:
    try:
        return parse(raw, words)
    except ConditionError as error:
        reading.report(name, path, f"{'.'.join(map(str, path))}: {error}")
        return ("all", ())


def _day(raw: Any, path: tuple[str | int, ...], name: str, reading: Reading) -> str:
    try:
        return last_day(raw)
    except ValueError:
        text = f"{'.'.join(map(str, path))}: {raw!r} is not a day; write YYYY-MM-DD, YYYY-MM or YYYY"
        reading.report(name, path, text)
        return NO_DAY


def last_day(raw: object) -> str:
    """Give the ISO day of `2023-01-27`, or the last day of the month `2023-01` or the year `2023`.

    Raises:
        ValueError: not such a day.

    """
    parts = str(raw).split("-")
    widths = [len(part) for part in parts]
    if widths not in ([4], [4, 2], [4, 2, 2]) or not all(part.isdigit() for part in parts):
        raise ValueError(raw)
    year, month, day = (*map(int, parts), *[0] * (3 - len(parts)))
    month = month or 12 if len(parts) == 1 else month
    day = day or calendar.monthrange(year, month)[1]
    return date(year, month, day).isoformat()


def every(reading: Reading, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give (file, value) for each file of a folder that was read without a shape problem."""
    for name, value in reading.values.items():
        if name.startswith(f"{folder}/"):
            yield name, value


def known(file: str, path: tuple[str | int, ...], used: Iterable[str], allowed: set[str], reading: Reading) -> None:
    """Report every name that does not exist, with the nearest that does."""
    for name in used:
        if name not in allowed:
            where = ".".join(map(str, path))
            reading.report(file, path, f"{where}: unknown name '{name}'{nearest(name, allowed)}")
