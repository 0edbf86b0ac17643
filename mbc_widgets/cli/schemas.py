"""`mbc schema`: JSON Schemas of the data files, made from the records and the vocabulary, for editors and tests.

A shape is declared once, as a record; what an editor completes is made from it here. The states come from the
vocabulary, so a new biomarker asks for `mbc schema` once; a new drug, trial or rule asks for nothing.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.contract import plan_schema
from mbc_widgets.contract.schema import DRAFT, Schema
from mbc_widgets.knowledge import data_folder
from mbc_widgets.patient import METHODS, RESPONSES, SETTINGS, STOP_REASONS, TISSUES, Sample, Therapy
from mbc_widgets.records import Field

DAY: Schema = {
    "type": ["string", "integer"],
    "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
    "description": "YYYY-MM-DD, YYYY-MM or YYYY; in the knowledge a month or year counts from its last day",
}
NAMES = {
    "agents": "agent",
    "rules": "rule",
    "safety": "safety",
    "trials": "trial",
    "scenarios": "scenario",
    "debates": "debate",
    "realworld": "realworld",
    "curves": "curve",
    "teaching-cases": "teaching-case",
    "lessons": "lesson",
    "course": "course",
}
OPEN_LISTS = ("agents_", "severe_reaction_to")  # their states are the drugs, which anybody may add to
NUMBERS = {"er_percent": 100, "pr_percent": 100, "dose_mg_m2": 5000}
CHANGES = (("teaching-case.json", "Item"), ("lesson.json", "About"), ("lesson.json", "Choice"))
WORDS = {
    "setting": SETTINGS,
    "stop_reason": STOP_REASONS,
    "best_response": RESPONSES,
    "method": METHODS,
    "tissue": TISSUES,
}
FLAGS = ("progressed_while_on", "maintenance")


def answer(chosen: argparse.Namespace) -> None:
    """Write the schemas to data/schema/, or with --check only compare them.

    Raises:
        Refused: there is no checkout, or (--check) a committed schema is stale.

    """
    folder = data_folder()
    if folder is None:
        raise Refused("schemas are written in a checkout; an installed package has no data folder")
    texts = schemas(knowledge().vocabulary)
    place = folder / "schema"
    if chosen.check:
        stale = [name for name, text in texts.items() if _read(place / name) != text]
        if stale:
            raise Refused(*(f"data/schema/{name}: stale or missing; run `mbc schema` and commit it" for name in stale))
        print(f"{len(texts)} schemas are up to date")
        return
    place.mkdir(exist_ok=True)
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    print(f"{place}: {', '.join(texts)}")


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def schemas(vocabulary: Mapping[str, Field]) -> dict[str, str]:
    """Give the text of every schema by its file name."""
    from mbc_widgets.compiler import shapes

    found: dict[str, Schema] = {}
    for folder, shape in shapes.FOLDERS.items():
        found[f"{NAMES[folder]}.json"] = _record(shapes.adapter(shape).json_schema())
    for file, shape in shapes.FILES.items():
        found[f"{Path(file).stem}.json"] = _record(shapes.adapter(shape).json_schema())
    found["condition.json"] = _condition(vocabulary)
    found["patient.json"] = _patient(vocabulary)
    for name, kind in CHANGES:  # of a patient who is there already
        found[name]["$defs"][kind]["properties"]["patient"] = {"$ref": "patient.json#/$defs/change"}
    found["mbc-plan-1.json"] = plan_schema()
    return {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in sorted(found.items())}


def _record(schema: Schema) -> Schema:
    """Give the schema of a record as its YAML is written: days, conditions and the patient as people write them."""
    return {"$schema": DRAFT, **_as_written(schema)}


def _as_written(schema: Any, name: str = "") -> Any:
    """Give the schema of the value under the key `name`, without what only a program would want to know."""
    from mbc_widgets.compiler.read import CONDITION_KEYS, DAY_KEYS, PRECISIONS

    if isinstance(schema, list):
        return [_as_written(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    optional = "default" in schema
    if name in CONDITION_KEYS:
        return {"anyOf": [{"$ref": "condition.json"}, {"type": "null"}]} if optional else {"$ref": "condition.json"}
    if name in DAY_KEYS:
        return {**DAY, "type": [*DAY["type"], "null"]} if optional else DAY
    if name == "patient":
        return {"$ref": "patient.json"}
    kept = {
        key: value
        for key, value in schema.items()
        if key != "default" and not (key == "title" and "$defs" not in schema)
    }
    return {
        key: {k: _as_written(v, k) for k, v in value.items() if k not in PRECISIONS}
        if key == "properties"
        else _as_written(value)
        for key, value in kept.items()
    }


def _condition(vocabulary: Mapping[str, Field]) -> Schema:
    """Give the grammar of `when`: all, any, not, and every field with its states."""
    itself: Schema = {"$ref": "#"}
    grammar: dict[str, Schema] = {
        "all": {"type": "array", "items": itself, "description": "every one of these holds"},
        "any": {"type": "array", "items": itself, "description": "at least one of these holds"},
        "not": {**itself, "description": "this does not hold"},
    }
    properties = {**grammar, **{name: _in_condition(field) for name, field in vocabulary.items()}}
    return {
        "$schema": DRAFT,
        "title": "Condition",
        "description": "Fields side by side must all hold; {} holds always. A test that was not done gives unknown.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _in_condition(field: Field) -> Schema:
    about = {"description": field.label}
    if field.kind == "flag":
        return {"type": "boolean", **about}
    if field.kind == "number":
        limits = {name: {"type": "number"} for name in ("at_least", "at_most")}
        return {"type": "object", "properties": limits, "minProperties": 1, "additionalProperties": False, **about}
    state = _state(field)
    return {"anyOf": [state, {"type": "array", "items": state, "minItems": 1}], **about}


def _state(field: Field) -> Schema:
    return {"type": "string"} if field.id.startswith(OPEN_LISTS) else {"enum": list(field.states)}


def _patient(vocabulary: Mapping[str, Field]) -> Schema:
    """Give the raw history and every field that may be typed in."""
    history: dict[str, Schema] = {
        "name": {"type": "string"},
        "seen_on": {**DAY, "description": "day of the visit (needed); a month counts as its 15th"},
        "diagnosis_day": DAY,
        "first_metastatic_day": DAY,
        "receptor_samples": _rows(fields(Sample), ["day"], vocabulary),
        "prior_therapies": _rows(fields(Therapy), ["agents", "setting", "start"], vocabulary),
    }
    inputs = {name: _input(field) for name, field in vocabulary.items() if not field.derived}
    unknown = {name: {"anyOf": [each, {"type": "null"}]} for name, each in inputs.items()}  # a result is taken away
    return {
        "$schema": DRAFT,
        "title": "Patient",
        "description": "Raw history; everything else is worked out from it.",
        "type": "object",
        "properties": {**history, **inputs},
        "additionalProperties": False,
        "required": ["seen_on"],
        "$defs": {"change": {"type": "object", "properties": {**history, **unknown}, "additionalProperties": False}},
    }


def _rows(columns: Iterable[Any], needed: list[str], vocabulary: Mapping[str, Field]) -> Schema:
    properties = dict(_columns(columns, vocabulary))
    row = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
    return {"type": "array", "items": row}


def _columns(columns: Iterable[Any], vocabulary: Mapping[str, Field]) -> Iterator[tuple[str, Schema]]:
    for column in columns:
        name = column.name
        if name in {"day", "start", "stop"}:
            yield name, DAY
        elif name in WORDS:
            yield name, {"enum": list(WORDS[name])}
        elif name in FLAGS:
            yield name, {"type": "boolean"}
        elif name in NUMBERS:
            yield name, {"type": "number", "minimum": 0, "maximum": NUMBERS[name]}
        elif name == "her2":
            yield name, {"enum": list(vocabulary["her2_state"].states)}
        elif name == "agents":
            yield name, {"type": "array", "items": {"type": "string"}, "minItems": 1}
        else:
            yield name, {"type": "string"}


def _input(field: Field) -> Schema:
    about = {"description": f"{field.label}; not given means {_words(field.if_not_given)}"}
    if field.kind == "flag":
        return {"type": "boolean", **about}
    if field.kind == "number":
        limits = {"minimum": field.minimum or 0, **({"maximum": field.maximum} if field.maximum is not None else {})}
        return {"type": "integer" if field.whole else "number", **limits, **about}
    state = _state(field)
    if field.kind == "set":
        return {"anyOf": [state, {"type": "array", "items": state}], **about}
    return {**state, **about}


def _words(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else "none" if value == [] else str(value)
