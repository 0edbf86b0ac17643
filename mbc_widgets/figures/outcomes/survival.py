"""Survival along one sequence in three layers: people differ, parameters are known with error, structures differ.

The line and the centiles are those of people by the first structure; each other structure has a line of its own; the band of
parameter draws comes later (`bands.py`). Beyond the last published points the picture is shaded.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, listed, months
from mbc_widgets.simulate.kernel import Array, survival_times
from mbc_widgets.simulate.outcomes import EVERYBODY, survival_rows, survival_spread

LANDMARKS = (12, 24, 36, 60)  # months


def deaths_by_structure(one: Candidate) -> dict[str, Array]:
    """Give the month of death of the same people by each structure."""
    lane = one.lane
    first, *others = lane.courses
    rest = {name: survival_times(lane.courses[name], lane.size, lane.seed) for name in others}
    return {first: one.lives.dies, **rest}


def known_to(one: Candidate) -> float:
    """Give the month up to which published points reach: those of the lines end to end, with the months between lines."""
    between = sum(line.beyond + line.gap for line in one.course.lines[:-1])
    return float(sum(line.curve.known_to or 0.0 for line in one.course.lines) + between)


def survival(one: Candidate, deaths: Mapping[str, Array], axis: Sequence[float]) -> Figure:
    """Give the survival of a sequence at the months of an axis."""
    spread = survival_spread(one.lives)
    alive = [row["percent"] for row in survival_rows(one.lives, axis)]
    structures = _structures(one, deaths, axis)
    limit = round(known_to(one))
    columns = [[round(x) for x in s["alive"]] for s in structures]
    return figure(
        f"Survival, sequence {one.letter}",
        _sentence(one, structures, axis, alive),
        ["month", *(f"alive of 100: {s['label'].lower()}" for s in structures)],
        zip(axis, *columns, strict=True),
        notes=[
            (
                f"{one.letter}: no data beyond month {limit}. So far reach the last published points of the lines, put end to end."
                " What is drawn after it is the model alone."
            ),
            one.first_scans,
            one.early,
        ],
        structures=structures,
        known_to=limit,
        spread=[round(x, 1) for x in (spread.tenth, spread.median, spread.ninetieth)],
        median=months(spread.median, spread.digits),
    )


def _structures(one: Candidate, deaths: Mapping[str, Array], axis: Sequence[float]) -> list[dict[str, Any]]:
    model = one.knowledge.model.structures
    return [
        {
            "label": model[name].label,
            "median": months(float(np.median(dies))),
            "alive": _alive(dies, axis),
        }
        for name, dies in deaths.items()
    ]


def _alive(dies: Array, axis: Sequence[float]) -> list[float]:
    at = np.searchsorted(np.sort(dies), np.asarray(axis, np.float32), side="right")
    return [round(float(share), 1) for share in EVERYBODY * (1 - at / dies.size)]


def _sentence(
    one: Candidate, structures: Sequence[Mapping[str, Any]], axis: Sequence[float], alive: Sequence[float]
) -> str:
    spread, told = survival_spread(one.lives), dict(zip(axis, alive, strict=True))
    marks = [f"{told[month]:.0f} at {month} months" for month in LANDMARKS if month in told]
    medians = sorted(float(str(s["median"])) for s in structures)
    return (
        f"{one.letter}: half are alive at **{months(spread.median, spread.digits)} months**; 10 of 100 die by month"
        f" {months(spread.tenth)}, 90 by month {months(spread.ninetieth)}. Of 100 alive: {listed(marks)}."
        f" The structures give medians of {medians[0]:.0f} to {medians[-1]:.0f} months."
    )
