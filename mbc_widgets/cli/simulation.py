"""`mbc simulate`: the candidate sequences of a scenario, lived by the same simulated people."""

import argparse
import json
from typing import Any

from mbc_widgets.cli.failure import Refused
from mbc_widgets.cli.plans import loaded_view
from mbc_widgets.simulate.outcomes import reach_rows, survival_rows
from mbc_widgets.simulate.people import taken
from mbc_widgets.simulate.spread import digits_of_percent, spread_of
from mbc_widgets.simulate.verdicts import worded
from mbc_widgets.simulate.view import Lane, Simulation, simulated

MONTHS = (12.0, 24.0, 36.0, 60.0)
MOST = 10_000_000


def answer(chosen: argparse.Namespace) -> None:
    """Print what the simulation implies for each candidate sequence, as text or (--json) as one object.

    Raises:
        Refused: the scenario, the day, the regulator, the body or the number of people cannot be used.

    """
    if chosen.patients > MOST:
        raise Refused(f"--patients: {chosen.patients} is too many; allowed 1 to {MOST}")
    scenario, view = loaded_view(chosen)
    found = simulated(view, size=chosen.patients, seed=chosen.seed)
    told = {
        "scenario": scenario.id,
        "day": view.snapshot.day,
        "regulator": view.snapshot.regulator,
        "patients": chosen.patients,
        "seed": chosen.seed,
        "sequences": [_lane(lane) for lane in found.lanes],
        "comparisons": [_verdict(found, at) for at in range(1, len(found.lanes))],
        "withheld": found.withheld or None,
        "contradicted": {name: f"{x.cohort}: {x.value:g} {x.unit}" for name, x in found.contradicted.items()},
        "limits": " ".join(
            [found.limits, *found.remarks, *found.reached([x.strategy for x in found.lanes], found.lanes)]
        ),
    }
    print(json.dumps(told, indent=2, allow_nan=False) if chosen.json else _text(told))


def _lane(lane: Lane) -> dict[str, Any]:
    """Give what is told of a lane; no digit below its own Monte-Carlo error."""
    spreads = {name: spread_of(lane.deaths(name)) for name in lane.courses}
    spread, digits = next(iter(spreads.values())), digits_of_percent(lane.size)
    return {
        "strategy": lane.strategy,
        "lines": [
            {**_rounded(row, digits), "line": lane.numbers[at], "taken": _taken(lane, at, round(row["starts"]))}
            for at, row in enumerate(reach_rows(lane.lives, lane.names))
        ],
        "median_months": round(spread.median, spread.digits),
        "tenth_to_ninetieth_months": [round(spread.tenth), round(spread.ninetieth)],
        "median_months_by_structure": {name: round(each.median, each.digits) for name, each in spreads.items()},
        "alive_percent": [_rounded(row, digits) for row in survival_rows(lane.lives, MONTHS)],
    }


def _taken(lane: Lane, at: int, total: int) -> dict[str, int]:
    """Give how many of those who start a line have which regimen, by test results."""
    return taken(lane.people.starting(at), lane.course, at, total)


def _rounded(row: dict[str, Any], digits: int) -> dict[str, Any]:
    return {name: round(value, digits) if isinstance(value, float) else value for name, value in row.items()}


def _verdict(found: Simulation, at: int) -> dict[str, Any]:
    """Give what may be said of the first lane and another, in the words of the page."""
    verdict, lanes = found.compare(0, at), (found.lanes[0], found.lanes[at])
    names = lanes[0].strategy, lanes[1].strategy
    title, text = worded(verdict, names)
    return {
        "first": names[0],
        "second": names[1],
        "longer": verdict.longer or "not distinguishable",
        "because": verdict.because,
        "title": title,
        "text": text,
    }


def _text(told: dict[str, Any]) -> str:
    lines = [
        f"{told['scenario']} on {told['day']} ({told['regulator']}): {told['patients']} simulated people, seed {told['seed']}"
    ]
    if told["withheld"]:
        lines += ["", told["withheld"]]
    for lane in told["sequences"]:
        low, high = lane["tenth_to_ninetieth_months"]
        by = ", ".join(f"{name} {months:g}" for name, months in lane["median_months_by_structure"].items())
        lines += [
            "",
            f"{lane['strategy']}: median survival {lane['median_months']:g} months; 8 in 10 people {low} to {high}",
            f"  by structure: {by}",
        ]
        lines += [
            f"  {row['line']}. {row['regimen']}: {row['starts']:g} of 100 start{_by_test(row)}" for row in lane["lines"]
        ]
    lines += ["", *(f"{v['title']}. {v['text']}" for v in told["comparisons"])]
    lines += [
        f"{name} has no voice in these verdicts: contradicted by {figure}."
        for name, figure in told["contradicted"].items()
        if told["comparisons"]
    ]
    return "\n".join([*lines, *(["", told["limits"]] if told["sequences"] else [])])


def _by_test(row: dict[str, Any]) -> str:
    """Give ", of whom 46 have elacestrant by a test result"; nothing where all have the planned regimen."""
    others = [f"{count} have {name}" for name, count in row["taken"].items() if count and name != row["regimen"]]
    return f", of whom {', '.join(others)} by a test result" if others else ""
