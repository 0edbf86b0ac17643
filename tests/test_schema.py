"""The committed JSON Schemas are fresh, and every data file and template keeps to its own."""

import json
import shutil
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from mbc_widgets import records, strict_yaml
from mbc_widgets.cli.commands import main
from mbc_widgets.cli.schemas import NAMES, schemas
from mbc_widgets.knowledge import load
from tests.conftest import ROOT

DATA = ROOT / "data"
SCHEMAS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (DATA / "schema").glob("*.json")}
REGISTRY: Registry[Any] = Registry().with_resources(
    [(name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()]
)
TEMPLATES = sorted((DATA / "templates").glob("*.yaml"))
PLACES = {
    "debate": "debates/new-debate.yaml",
    "trial": "trials/new-trial.yaml",
    "agent": "agents/new-agent.yaml",
    "rule": "rules/any/new-rule.yaml",
    "safety": "safety/new-safety.yaml",
    "scenario": "scenarios/new-scenario.yaml",
    "teaching-case": "teaching-cases/new-teaching-case.yaml",
    "curve": "curves/new-curve.yaml",
    "realworld": "realworld/new-realworld.yaml",
    "course": "course/new-course.yaml",
    "lesson": "lessons/new-lesson.yaml",
}
SHAPES = {
    "trial": [records.Trial, records.Arm, records.FitCriterion, records.Measure, records.Result, records.AdverseEvent],
    "agent": [
        records.Agent,
        records.EarlyVisits,
        records.Licence,
        records.Note,
        records.StatusNote,
        records.CompanionTest,
    ],
    "rule": [records.Question, records.Statement],
    "safety": [records.SafetyTopic, records.SafetyRule, records.Scope],
    "debate": [records.Debate, records.Side],
    "scenario": [records.Scenario],
    "teaching-case": [records.TeachingCase, records.Decision, records.Point, records.CommonError, records.Item],
    "curve": [records.PublishedCurve, records.CurveArm],
    "course": [records.CourseMap, records.MapPart, records.MapItem, records.Today],
    "lesson": [
        records.Lesson,
        records.Objective,
        records.Exercise,
        records.About,
        records.Choice,
        records.Discussion,
    ],
    "realworld": [records.CohortFigure, records.LineShare, records.ResultShare],
}


def problems(schema: str, value: object) -> list[str]:
    validator = Draft202012Validator({"$ref": schema}, registry=REGISTRY)
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(value)]


def read(path: Path) -> object:
    return strict_yaml.parse(strict_yaml.read_text(path)).value


def test_committed_schemas_are_fresh() -> None:
    stale = [
        name
        for name, text in schemas(load().vocabulary).items()
        if (DATA / "schema" / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "run: python -m mbc_widgets schema"


def test_no_schema_is_left_from_an_older_code() -> None:
    assert set(SCHEMAS) == set(schemas(load().vocabulary))


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("folder", sorted(NAMES))
def test_data_files_keep_to_their_schema(folder: str) -> None:
    files = sorted((DATA / folder).rglob("*.yaml"))
    assert files
    found = {file.name: problems(f"{NAMES[folder]}.json", read(file)) for file in files}
    assert not {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.parametrize("name", ["vocabulary", "regimens", "guidelines", "edition"])
def test_single_files_keep_to_their_schema(name: str) -> None:
    assert problems(f"{name}.json", read(DATA / f"{name}.yaml")) == []


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ("patient.json", {"seen_on": "2024-01-01", "esr": "mutated"}),
        ("patient.json", {"seen_on": "2024-01-01", "esr1": "mutant"}),
        ("patient.json", {"esr1": "mutated"}),
        ("patient.json#/$defs/change", {"esr": "mutated"}),
        ("condition.json", {"esr1": "mutant"}),
        ("condition.json", {"metastatic_lines": 1}),
        ("condition.json", {"all": {"esr1": "mutated"}}),
        ("scenario.json", {"id": "a", "title": "b", "patient": {"seen_on": "2024"}, "extra": 1}),
    ],
)
def test_a_slip_is_underlined(schema: str, value: object) -> None:
    assert problems(schema, value)


class TestTemplates:
    def test_there_is_one_for_each_kind(self) -> None:
        assert {path.stem for path in TEMPLATES} == set(PLACES)

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_keeps_to_its_schema(self, path: Path) -> None:
        assert problems(f"{path.stem}.json", read(path)) == []

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_explains_every_key(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        shapes = SHAPES[path.stem]
        assert all(is_dataclass(shape) for shape in shapes)
        keys = [field.name for shape in shapes for field in fields(shape)]
        assert not [key for key in keys if f"{key}:" not in text and f"`{key}`" not in text]

    def test_compile_together_with_the_data(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns(".compiled"))
        for kind, place in PLACES.items():
            shutil.copy(DATA / "templates" / f"{kind}.yaml", tmp_path / "data" / place)
        assert main(["check", str(tmp_path / "data")]) == 0, capsys.readouterr().err
        assert "no problems" in capsys.readouterr().out


def test_schema_check_says_that_all_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--check"]) == 0
    assert "up to date" in capsys.readouterr().out
