"""A number of the knowledge that is changed is seen: every figure of every regimen stands in a notebook that is compared.

Each mutant changes one number in a copy of the knowledge; the contract notebook that prints it would print something else, and
nbval would fail. The notebooks themselves are run and compared by the step `contract`.
"""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import nbformat
import pytest

import mbc_widgets as mbc
from tests.conftest import ROOT

K = mbc.load()
SIDES = ("experimental", "control", "hazard_ratio")
NUMBERS = ("value", "low", "high")


def printed(name: str) -> str:
    """What a contract notebook printed when it was written."""
    cells = nbformat.read(ROOT / "notebooks" / "contract" / f"{name}.ipynb", as_version=4).cells
    return "".join(output.get("text", "") for cell in cells if cell.cell_type == "code" for output in cell.outputs)


FIGURES, LICENCES = printed("figures"), printed("licences")


def mutants_of(name: str) -> Iterator[tuple[str, Any]]:
    """Each number of a trial, changed: where it is, and the knowledge with it."""
    for index, result in enumerate(K.raw_trials[name].get("results", ())):
        for side in SIDES:
            for number in NUMBERS:
                if isinstance((result.get(side) or {}).get(number), int | float):
                    raw = copy.deepcopy(K.raw_trials[name])
                    raw["results"][index][side][number] += 0.37
                    yield f"{name} {index} {side} {number}", replace(K, raw_trials={**K.raw_trials, name: raw})


@pytest.mark.parametrize("name", sorted(K.raw_trials))
def test_every_number_of_a_trial_is_printed_in_a_compared_notebook(name: str) -> None:
    before = repr(mbc.trial(name))
    assert before in FIGURES
    for place, changed in mutants_of(name):
        assert repr(mbc.trial(name, changed)) != before, f"{place}: nobody would see that it has changed"


@pytest.mark.parametrize("name", sorted(K.agents))
def test_every_day_and_dose_of_a_drug_is_printed_in_a_compared_notebook(name: str) -> None:
    before, agent = repr(mbc.drug(name)), K.agents[name]
    assert before in LICENCES
    for index, licence in enumerate(agent.licences):
        if licence.granted:
            later = replace(
                licence, granted=f"{int(licence.granted[:4]) + 1}{licence.granted[4:]}".replace("-02-29", "-02-28")
            )
            changed = [*agent.licences]
            changed[index] = later
            known = replace(K, agents={**K.agents, name: replace(agent, licences=tuple(changed))})
            assert repr(mbc.drug(name, known)) != before, f"{name}, licence {index}"


def test_every_regimen_has_a_number_that_a_notebook_holds(capsys: pytest.CaptureFixture[str]) -> None:
    by_trial = {
        name
        for name in K.regimens
        if any(any(True for _ in mutants_of(trial)) for trial, _ in K.trials_of.get(name, ()))
    }
    by_licence = {
        name
        for name in K.regimens
        if any(licence.granted or licence.established for _, licence in K.licences_of.get(name, ()))
    }
    by_dose = {name for name, each in K.regimens.items() if any(K.agents[agent].doses for agent in each.agents)}
    with capsys.disabled():
        print(
            f"\nRegimens whose numbers are held: {len(by_trial | by_licence | by_dose)} of {len(K.regimens)}"
            f" ({len(by_trial)} by figures of trials, {len(by_licence)} by licences, {len(by_dose)} by doses)"
        )
    assert by_trial | by_licence | by_dose == {*K.regimens}
