"""The JSON of `mbc plan` keeps its contract for every scenario, on five days, under both regulators."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mbc_widgets.cli.commands import main
from mbc_widgets.contract import NAME, as_dict
from mbc_widgets.figures.page import build_page
from mbc_widgets.knowledge import load
from mbc_widgets.patient import read_patient
from mbc_widgets.workbook import View, look, scenario
from tests.conftest import ROOT

DAYS = ["2012-01-01", "2016-02-29", "2019-07-01", "2023-02-28", "2026-11-23"]
REGULATORS = ["FDA", "EMA"]
SCENARIOS = sorted(path.stem for path in (ROOT / "data" / "scenarios").glob("*.yaml"))
SCHEMA = json.loads((ROOT / "data" / "schema" / "mbc-plan-1.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@cache
def view(name: str, day: str, regulator: str) -> View:
    return look(scenario(name)[0], day=day, regulator=regulator)


@cache
def plan(name: str, day: str, regulator: str) -> dict[str, Any]:
    """What a program reads: written as JSON and read again."""
    text = json.dumps(as_dict(view(name, day, regulator)), allow_nan=False)
    return json.loads(text)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", SCENARIOS)
class TestEveryScenario:
    def plans(self, name: str) -> Iterator[dict[str, Any]]:
        return (plan(name, day, regulator) for day, regulator in product(DAYS, REGULATORS))

    def test_keeps_the_schema(self, name: str) -> None:
        for found in self.plans(name):
            assert [error.message for error in VALIDATOR.iter_errors(found)] == []

    def test_uses_nothing_later_than_its_day(self, name: str) -> None:
        for found in self.plans(name):
            days = [row["reported"] for option in found["options"] for row in option["evidence"]]
            days += [said["since"] for option in found["options"] for said in option["recommendations"]]
            days += [option["licence"]["since"] or "" for option in found["options"]]
            assert max(days, default="") <= found["day"]

    def test_says_why_for_every_verdict(self, name: str) -> None:
        for found in self.plans(name):
            for option in found["options"]:
                match option["verdict"]:
                    case "offered":
                        assert option["because"]
                    case "needs-test":
                        assert option["missing"]
                    case "not-now":
                        assert any(rule["level"] == "not_now" for rule in option["blocked_by"])

    def test_plans_only_regimens_of_the_knowledge_with_lines_in_order(self, name: str) -> None:
        for found in self.plans(name):
            for sequence in found["sequences"]:
                numbers = [line["line"] for line in sequence["lines"]]
                assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
                assert {line["regimen"] for line in sequence["lines"]} <= set(load().regimens)

    def test_orders_name_the_line_that_a_strategy_plans(self, name: str) -> None:
        for found in self.plans(name):
            for option, sequence in product(found["options"], found["sequences"]):
                order = option["strategies"].get(sequence["strategy"])
                assert order is None or sequence["lines"][order - 1]["regimen"] == option["regimen"]

    def test_gives_the_patient_back(self, name: str) -> None:
        known = load()
        again = read_patient(plan(name, DAYS[-1], "FDA")["patient"]["input"], known.vocabulary, frozenset(known.agents))
        assert again == scenario(name)[0]


def test_assumed_and_derived_are_kept_apart() -> None:
    patient = plan("man", DAYS[-1], "EMA")["patient"]
    assert not set(patient["assumed"]) & (set(patient["derived"]) | set(patient["input"]))


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_page_shows_a_recalled_value_as_a_figure(name: str) -> None:
    """Bars, source cards and the evidence table: what nobody read in its source has no number on the page."""
    for day, regulator in product(DAYS, REGULATORS):
        seen = view(name, day, regulator)
        page = build_page(seen)
        for row in page["evidence"]["rows"]:
            if not row["verified"]:
                assert {row["experimental"], row["control"], row["hazard_ratio"]} == {"unverified"}
        drawn = [line for sequence in seen.sequences for line in sequence.lines if line.row is not None]
        sources = seen.snapshot.knowledge.sources
        assert all(line.row.result.verified == "seen" for line in drawn if line.row)
        assert all(sources[line.row.result.source].kind != "memory" for line in drawn if line.row)


def test_the_same_question_has_the_same_answer() -> None:
    first, again = (as_dict(look(scenario("er-low")[0], day=DAYS[3], regulator="FDA")) for _ in "12")
    assert json.dumps(first) == json.dumps(again)


def test_command_prints_one_object_for_one_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "man", "--json", "--day", "2019-07-01", "--regulator", "FDA"]) == 0
    assert json.loads(capsys.readouterr().out) == plan("man", "2019-07-01", "FDA")


def test_command_prints_one_line_for_each_of_several_scenarios(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["plan", "man", "er-low", "--json", "--day", "2019-07-01", "--regulator", "FDA"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [plan(name, "2019-07-01", "FDA") for name in ("man", "er-low")]


def test_options_are_the_same_object_without_sequences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["options", "man", "--json", "--day", "2019-07-01", "--regulator", "FDA"]) == 0
    found = json.loads(capsys.readouterr().out)
    whole = plan("man", "2019-07-01", "FDA")
    assert found == {key: value for key, value in whole.items() if key != "sequences"}
    assert found["schema"] == NAME
    VALIDATOR.validate(found)
