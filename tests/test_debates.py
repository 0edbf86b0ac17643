"""Debates: sides beside each other, figures of the day, never an answer."""

import re
from dataclasses import replace

import pytest

from mbc_widgets.figures.debates import debates
from mbc_widgets.knowledge import load
from mbc_widgets.workbook import look, scenario

K = load()
DAYS = ("2012-03-19", "2018-06-01", "2021-06-01", "2023-06-01", "2026-11-23")


@pytest.mark.parametrize("debate", K.debates, ids=lambda debate: debate.id)
def test_a_debate_has_two_sides_and_no_figure_in_its_words(debate: object) -> None:
    assert len(debate.sides) >= 2  # type: ignore[attr-defined]
    for side in debate.sides:  # type: ignore[attr-defined]
        assert not re.search(r"\d+\.\d|\d %|HR \d", side.says), "figures come from the trials"


@pytest.mark.parametrize("name", K.scenarios)
@pytest.mark.parametrize("day", DAYS)
def test_no_debate_shows_a_result_of_a_later_day(name: str, day: str) -> None:
    view = look(scenario(name)[0], day=day, regulator="FDA")
    known = {trial for trial in K.raw_trials if any(r.reported <= day for r in K.trial(trial).results)}
    for debate, shown in zip(view.debates, debates(view), strict=True):
        assert debate.since <= day
        for side, told in zip(debate.sides, shown["sides"], strict=True):
            for trial, line in zip(side.trials, told["evidence"], strict=False):
                assert trial in known or "no result of all patients" in line["text"], (debate.id, trial)


def test_the_debate_on_the_early_switch_shows_trials_against_advice() -> None:
    found = scenario("esr1-after-cdk46")[0]
    running = replace(found.prior_therapies[-1], stop=None, stop_reason="ongoing", progressed_while_on=None)
    view = look(found.replace(prior_therapies=(running,)), day="2026-11-23", regulator="FDA")
    shown = next(d for d in debates(view) if d["question"].startswith("Change the endocrine partner"))
    assert any((line["name"], line["text"][:6]) == ("SERENA-6", "PFS 16") for line in shown["sides"][0]["evidence"])
    assert any(line["name"].startswith("ASCO") for line in shown["sides"][1]["evidence"])
