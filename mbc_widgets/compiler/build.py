"""Compile a data folder: read, check, spell out, write one JSON text."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mbc_widgets.compiler.cases import check_cases
from mbc_widgets.compiler.check import check_links
from mbc_widgets.compiler.course import check_course
from mbc_widgets.compiler.lessons import check_lessons
from mbc_widgets.compiler.plausible import check_plausible
from mbc_widgets.compiler.problems import DataError, Problem
from mbc_widgets.compiler.read import Reading, every, read_folder
from mbc_widgets.conditions import Tree
from mbc_widgets.records import Field

FORMAT = 1
SUPPRESSION = "goserelin"  # stands for any GnRH agent or ablation in the name of a variant
STANDS_FOR = "Goserelin stands for any GnRH agent, in women also for ablation"


def compile_folder(folder: Path) -> bytes:
    """Give the compiled knowledge of `folder` as JSON bytes.

    Raises:
        DataError: the data has problems; all are listed with file and line.

    """
    reading, vocabulary = read_folder(folder)
    _check(reading, vocabulary)
    check_plausible(reading)
    if reading.problems:
        raise DataError(reading.problems)
    return _written(reading, vocabulary)


def compile_changed(folder: Path, instead: Mapping[str, str]) -> tuple[bytes, tuple[Problem, ...]]:
    """Give the compiled knowledge of `folder` with the texts of `instead` for some files, and what in it hardly can be right.

    A figure of an edition must be plausible; a what-if may be otherwise, and is told so.

    Raises:
        DataError: the data has problems; all are listed with file and line.

    """
    reading, vocabulary = read_folder(folder, instead)
    _check(reading, vocabulary)
    if reading.problems:
        raise DataError(reading.problems)
    check_plausible(reading)
    return _written(reading, vocabulary), tuple(sorted(set(reading.problems)))


def _check(reading: Reading, vocabulary: Mapping[str, Field]) -> None:
    check_links(reading)
    check_cases(reading, vocabulary)
    check_lessons(reading, vocabulary)
    check_course(reading, vocabulary)


def _written(reading: Reading, vocabulary: Mapping[str, Field]) -> bytes:
    values = reading.values
    sources = _qualified_sources(reading)
    compiled = {
        "format": FORMAT,
        "edition": values["edition.yaml"],
        "groups": values["vocabulary.yaml"]["groups"],
        "fields": [_field(entry, vocabulary) for entry in values["vocabulary.yaml"]["fields"]],
        "drug_classes": values["vocabulary.yaml"]["drug_classes"],
        "agents": _files(reading, "agents"),
        "regimen_groups": values["regimens.yaml"]["groups"],
        "regimens": [r for regimen in values["regimens.yaml"]["regimens"] for r in _with_variant(regimen)],
        "bodies": values["guidelines.yaml"]["bodies"],
        "editions": values["guidelines.yaml"]["editions"],
        "shared_fit": values["guidelines.yaml"].get("shared_fit", []),
        "sources": sources,
        "questions": _files(reading, "rules"),
        "safety": [_with_rules_by_agent(topic, reading) for topic in _files(reading, "safety")],
        "trials": _files(reading, "trials"),
        "debates": _files(reading, "debates"),
        "realworld": [value for _, value in every(reading, "realworld")],
        "curves": _files(reading, "curves"),
        "lessons": sorted(_files(reading, "lessons"), key=lambda lesson: lesson["number"]),
        "course_maps": _files(reading, "course"),
        "teaching_cases": _files(reading, "teaching-cases"),
        "scenarios": sorted(_files(reading, "scenarios"), key=lambda scenario: scenario.get("day", "")),
    }
    return json.dumps(compiled, ensure_ascii=False, separators=(",", ":")).encode()


def _qualified_sources(reading: Reading) -> dict[str, Any]:
    """Give all sources under one key each (`file#key`) and make every `source` in the values point there."""
    shared = reading.values["guidelines.yaml"].get("sources", {})
    sources = {f"guidelines#{key}": source for key, source in shared.items()}
    for file, value in reading.values.items():
        own = value.pop("sources", {})
        name = Path(file).with_suffix("").as_posix()
        sources.update({f"{name}#{key}": source for key, source in own.items()})
        _point(value, {key: f"{name if key in own else 'guidelines'}#{key}" for key in {*shared, *own}})
    return sources


def _point(value: Any, names: Mapping[str, str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"source", "withdrawn_source", "also_source"} and isinstance(item, str):
                value[key] = names.get(item, item)
            elif key != "patient":
                _point(item, names)
    elif isinstance(value, list):
        for item in value:
            _point(item, names)


def _files(reading: Reading, folder: str) -> list[dict[str, Any]]:
    return [value for _, value in every(reading, folder)]


def _field(entry: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> dict[str, Any]:
    """Spell out states that name a list."""
    return {**entry, "states": dict(vocabulary[entry["id"]].states)} if entry.get("states") else dict(entry)


def _with_variant(regimen: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the regimen and, where it needs low oestrogen, its variant with ovarian (or gonadal) suppression.

    Suppression is part of the regimen and not a state of the patient: for functioning ovaries only the variant is
    listed, after the menopause only the plain one; who declines sees the plain one, blocked by a safety rule.
    """
    kind = regimen.get("suppression", "none")
    if kind == "none":
        yield regimen
        return
    needs: list[Tree] = [("is", "ovaries", ["suppressed", "can_be_suppressed"])]
    if kind == "both":
        needs.append(
            (
                "all",
                [
                    ("is", "sex", ["male"]),
                    ("is", "gonadal_suppression_man", ["in_place", "acceptable"]),
                ],
            )
        )
    applies: Tree = needs[0] if len(needs) == 1 else ("any", needs)
    yield {**regimen, "applies": ("not", applies)}
    yield {
        **regimen,
        "id": f"{regimen['id']}+{SUPPRESSION}",
        "agents": [*regimen["agents"], SUPPRESSION],
        "applies": applies,
        "variant_of": regimen["id"],
        "note": ". ".join(filter(None, (regimen.get("note"), STANDS_FOR))),
    }


def _with_rules_by_agent(topic: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """Write a rule with `$agent` out for each drug it applies to, one with `$every_agent` for each combination."""
    rules: list[dict[str, Any]] = []
    for rule in topic["rules"]:
        text = json.dumps(rule["when"])
        if "$every_agent" in text:
            rules += _by_combination(rule, text, reading)
        elif "$agent" in text:
            rules += _by_agent(rule, text, reading)
        else:
            rules.append(rule)
    return {**topic, "rules": rules}


def _by_agent(rule: dict[str, Any], text: str, reading: Reading) -> Iterator[dict[str, Any]]:
    for agent in _agents_in(rule["applies_to"], reading):
        when = json.loads(text.replace("$agent", agent))
        yield {**rule, "id": f"{rule['id']}:{agent}", "when": when, "applies_to": _scope_of(agent, rule["applies_to"])}


def _by_combination(rule: dict[str, Any], text: str, reading: Reading) -> Iterator[dict[str, Any]]:
    for regimen in reading.values["regimens.yaml"]["regimens"]:
        if len(regimen["agents"]) > 1:
            parts = [json.loads(text.replace("$every_agent", agent)) for agent in regimen["agents"]]
            scope = {"regimens": [regimen["id"]]}
            yield {**rule, "id": f"{rule['id']}:{regimen['id']}", "when": ["all", parts], "applies_to": scope}


def _scope_of(agent: str, scope: Mapping[str, Any]) -> dict[str, Any]:
    return {"agents": [agent], "alone": True} if scope.get("alone") else {"agents": [agent]}


def _agents_in(scope: Mapping[str, Any], reading: Reading) -> list[str]:
    agents = [value for _, value in every(reading, "agents")]
    classes = set(scope.get("classes", ()))
    chosen = [a["id"] for a in agents if scope.get("everything") or a["drug_class"] in classes]
    return sorted({*chosen, *scope.get("agents", ())})
