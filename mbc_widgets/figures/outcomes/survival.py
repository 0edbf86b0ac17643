"""Survival along one sequence in three layers: people differ, parameters are known with error, structures differ.

The line and the centiles are those of people by the first structure; each other structure has a line of its own; the band of
parameter draws comes later (`bands.py`). Beyond the last published points the picture is shaded.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import Figure, figure, listed, months
from mbc_widgets.records import CohortFigure
from mbc_widgets.simulate.spread import Spread, alive_at, quantile, spread_of
from mbc_widgets.simulate.uncertainty import FIXED

LANDMARKS = (12, 24, 36, 60)  # months


def known_to(one: Candidate) -> float:
    """Give the month up to which published points reach: those of the lines end to end, with the months between lines."""
    between = sum(line.beyond + line.gap for line in one.course.lines[:-1])
    return float(sum(line.curve.known_to or 0.0 for line in one.course.lines) + between)


def survival(one: Candidate, axis: Sequence[float]) -> Figure:
    """Give the survival of a sequence at the months of an axis."""
    structures = [_structure(one, name, axis) for name in one.lane.courses]
    spread = spread_of(one.lane.deaths(one.lane.structure))
    limit = round(known_to(one))
    columns = [[round(x) for x in s["alive"]] for s in structures]
    return figure(
        f"Survival, sequence {one.letter}",
        _sentence(one, structures, spread, axis),
        ["month", *(f"alive of 100: {s['label'].lower()}" for s in structures)],
        zip(axis, *columns, strict=True),
        notes=[
            (
                f"{one.letter}: to month {limit} reach the medians and published points of its lines, added up with the months between."
                " No page prints the survival of this sequence: before that month lines are chained, after it the model is alone."
            ),
            FIXED,
            one.first_scans,
            one.early,
            one.running,
        ],
        structures=structures,
        known_to=limit,
        spread=[round(x, 1) for x in (spread.tenth, spread.median, spread.ninetieth)],
        median=months(spread.median, spread.digits),
    )


def _structure(one: Candidate, name: str, axis: Sequence[float]) -> dict[str, Any]:
    dies = one.lane.deaths(name)
    return {
        "label": one.knowledge.model.structures[name].label,
        "contradicted": denied(one.contradicted[name]) if name in one.contradicted else "",
        "median": months(quantile(dies, 0.5)),
        "alive": alive_at(dies, axis),
    }


def denied(figure: CohortFigure) -> str:
    """Say which cohort denies what a structure says of such patients."""
    return f"contradicted by {figure.cohort} ({figure.value:g} {figure.unit}) and has no voice in a verdict"


def _sentence(one: Candidate, structures: Sequence[Mapping[str, Any]], spread: Spread, axis: Sequence[float]) -> str:
    told = dict(zip(axis, structures[0]["alive"], strict=True))
    marks = [f"{told[month]:.0f} at {month} months" for month in LANDMARKS if month in told]
    medians = sorted(float(str(s["median"])) for s in structures if not s["contradicted"])
    others = [
        f"{s['label'].lower()} ({s['median']} months) is {s['contradicted']}" for s in structures if s["contradicted"]
    ]
    return (
        f"{one.letter}: half are alive **{months(spread.median, spread.digits)} months** after the start of line"
        f" {one.lines[0].number}; 10 of 100 die by month {months(spread.tenth)}, 90 by month {months(spread.ninetieth)}."
        f" Of 100 alive: {listed(marks)}. The structures give medians of {medians[0]:.0f} to {medians[-1]:.0f} months{'; ' if others else ''}{listed(others)}."
    )
