"""`mbc simulate`: the candidate sequences of a scenario, lived by the same simulated people."""

import argparse
import json
from typing import Any

from mbc_widgets.cli.failure import Refused
from mbc_widgets.cli.plans import loaded_view
from mbc_widgets.simulate.outcomes import reach_rows, survival_rows, survival_spread
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
        "limits": found.limits,
    }
    print(json.dumps(told, indent=2, allow_nan=False) if chosen.json else _text(told))


def _lane(lane: Lane) -> dict[str, Any]:
    spread = survival_spread(lane.lives)
    return {
        "strategy": lane.strategy,
        "lines": reach_rows(lane.lives, lane.names),
        "median_months": round(spread.median, spread.digits),
        "tenth_to_ninetieth_months": [round(spread.tenth), round(spread.ninetieth)],
        "median_months_by_structure": lane.medians,
        "alive_percent": survival_rows(lane.lives, MONTHS),
    }


def _verdict(found: Simulation, at: int) -> dict[str, Any]:
    verdict = found.compare(0, at)
    return {
        "first": found.lanes[0].strategy,
        "second": found.lanes[at].strategy,
        "longer": verdict.longer or "not distinguishable",
        "because": verdict.because,
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
        lines += [f"  {row['line']}. {row['regimen']}: {row['starts']:g} of 100 start" for row in lane["lines"]]
    lines += ["", *(f"{v['first']} and {v['second']}: {v['longer']}: {v['because']}" for v in told["comparisons"])]
    return "\n".join([*lines, "", told["limits"]])
