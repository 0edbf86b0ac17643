"""Which record each file of `data/` holds, and how a wrong shape is reported.

The records are the shapes: pydantic reads their annotations, so nothing is declared twice.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from mbc_widgets import records
from mbc_widgets.conditions import nearest

FOLDERS: Mapping[str, type] = {
    "agents": records.Agent,
    "rules": records.Question,
    "safety": records.SafetyTopic,
    "trials": records.Trial,
    "scenarios": records.Scenario,
    "debates": records.Debate,
    "realworld": records.RealWorldFile,
    "curves": records.PublishedCurve,
    "teaching-cases": records.TeachingCase,
    "lessons": records.Lesson,
    "course": records.CourseMap,
}
FILES: Mapping[str, type] = {
    "vocabulary.yaml": records.VocabularyFile,
    "regimens.yaml": records.RegimenFile,
    "guidelines.yaml": records.GuidelineFile,
    "edition.yaml": records.DataEdition,
}


def shape_of(file: str) -> type | None:
    """Give the record that a file holds (`agents/x.yaml` holds an Agent), or None when it is not knowledge."""
    return FILES.get(file) or (FOLDERS.get(file.split("/", 1)[0]) if "/" in file else None)


@cache
def adapter(shape: type) -> TypeAdapter[Any]:
    """Give the pydantic adapter of a record; made once."""
    return TypeAdapter(shape)


def validate(shape: type, value: object) -> tuple[dict[str, Any] | None, list[tuple[tuple[str | int, ...], str]]]:
    """Give (plain mapping, problems): the value as its record, or what is wrong with it, each with its path."""
    try:
        # Strict: "yes" is no flag and 1 is no true; as JSON, because a list stands for a tuple there.
        record = adapter(shape).validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        return None, [_explain(shape, item) for item in error.errors()]
    return adapter(shape).dump_python(record, mode="json", exclude_defaults=True), []


def _explain(shape: type, item: Any) -> tuple[tuple[str | int, ...], str]:
    """Turn one pydantic error into the project's words."""
    path = tuple(item["loc"])
    name = ".".join(str(part) for part in path) or "the file"
    kind = item["type"]
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        allowed = _keys_at(shape, path[:-1])
        return (
            path,
            f"{name}: unknown key{nearest(str(path[-1]), allowed)} Allowed: {', '.join(allowed)}",
        )
    if kind in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        return path, f"{name}: missing; add it (a template with every key is in data/templates/)"
    if kind == "literal_error":
        return (
            path,
            f"{name}: {item['input']!r} is not allowed{nearest(str(item['input']), _words(item))} Allowed: {item['ctx']['expected']}",
        )
    return path, f"{name}: {item['msg'].lower()}, found {str(item['input'])[:60]!r}"


def _words(item: Any) -> list[str]:
    return [word.strip(" '") for word in item["ctx"]["expected"].replace(" or ", ",").split(",")]


def _keys_at(shape: Any, path: tuple[str | int, ...]) -> list[str]:
    """Give the keys that are allowed at `path` inside a record."""
    for part in path:
        if isinstance(part, str) and is_dataclass(shape):
            shape = next((f.type for f in fields(shape) if f.name == part), None)
        shape = next(_records_in(shape), shape)
    return [f.name for f in fields(shape)] if is_dataclass(shape) else []


def _records_in(annotation: Any) -> Iterator[Any]:
    if is_dataclass(annotation):
        yield annotation
    for inner in get_args(annotation):
        yield from _records_in(inner)
