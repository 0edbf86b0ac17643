"""`mbc plan` and `mbc options`: scenarios in, JSON by the contract or a plain-text summary out."""

import argparse
import json
from collections.abc import Sequence
from typing import Any

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.cli.summary import summary
from mbc_widgets.contract import as_dict
from mbc_widgets.knowledge import body_meant
from mbc_widgets.scenarios import LoadedScenario, ScenarioError, checked_day, checked_regulator, load_scenario
from mbc_widgets.workbook import View, look


def answer(chosen: argparse.Namespace) -> None:
    """Print one answer for each scenario, in their order; all are read before anything is printed.

    Raises:
        Refused: a scenario, the day, the regulator or the body cannot be used; every problem is listed.

    """
    loaded = _loaded(chosen.scenarios, chosen)
    views = [_view(scenario, chosen) for scenario in loaded]
    sequences = chosen.command == "plan"
    if not chosen.json:
        print("\n\n".join(summary(*pair, sequences=sequences) for pair in zip(loaded, views, strict=True)))
        return
    layout: dict[str, Any] = {"indent": 2} if len(views) == 1 else {"separators": (",", ":")}
    for view in views:
        print(json.dumps(as_dict(view, sequences=sequences), allow_nan=False, **layout))


def loaded_view(chosen: argparse.Namespace) -> tuple[LoadedScenario, View]:
    """Give the scenario of a command line and its view.

    Raises:
        Refused: the scenario, the day, the regulator or the body cannot be used.

    """
    scenario = _loaded([chosen.scenario], chosen)[0]
    return scenario, _view(scenario, chosen)


def _loaded(names: Sequence[str], chosen: argparse.Namespace) -> list[LoadedScenario]:
    """Read every scenario, and the day and regulator that were asked for; keep all problems."""
    known = knowledge()
    problems: list[str] = []
    loaded = []
    for check, given in ((checked_day, chosen.day), (checked_regulator, chosen.regulator)):
        try:
            if given is not None:
                check(given, known)
        except ValueError as error:
            problems.append(f"--{error}")
    for name in names:
        try:
            loaded.append(load_scenario(name, known))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise Refused(*problems)
    return loaded


def _view(scenario: LoadedScenario, chosen: argparse.Namespace) -> View:
    known = knowledge()
    day = scenario.day if chosen.day is None else checked_day(chosen.day, known)
    regulator = chosen.regulator or scenario.regulator
    try:
        body = body_meant(scenario.body if chosen.body is None else chosen.body, known, day, regulator)
    except ValueError as error:
        raise Refused(f"{scenario.id}: {error}" if chosen.body is None else f"--{error}") from None
    return look(scenario.patient, day=day, regulator=regulator, body=body, knowledge=known)
