"""How sure the parameters leave the survival of the chosen sequences, and what may be said of two of them; it comes after the pictures."""

from collections.abc import Iterator, Sequence
from typing import Any

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.simulate.engine import ENGINE
from mbc_widgets.simulate.uncertainty import DRAWS, PEOPLE, Draws, draws_so_far
from mbc_widgets.simulate.verdicts import worded
from mbc_widgets.simulate.view import verdict_on


def draw(one: Candidate, axis: Sequence[float], *, draws: int = DRAWS, people: int = PEOPLE) -> Iterator[Draws | None]:
    """Give None after every few parameter draws, so that whoever asks may stop, and the draws at last."""
    lane = one.lane
    _ = lane.errors
    yield None
    found: Draws | None = None
    for part in draws_so_far(
        lane.course, lane.errors, axis, draws=draws, people=people, seed=lane.seed, at_once=ENGINE.EFFORT.at_once
    ):
        found = part
        yield None
    yield found


def band(drawn: Draws) -> dict[str, Any]:
    """Give the band of the survival, pointwise, and of its median; whole months and people."""
    rows, median = drawn.survival_rows(), drawn.band()
    return {
        "low": [row["low"] for row in rows],
        "high": [row["high"] for row in rows],
        "cells": [f"{row['low']:.0f} to {row['high']:.0f}" for row in rows],
        "median": f"{median.low:.0f} to {median.high:.0f}",
    }


def verdict(one: Candidate, two: Candidate, drawn: Sequence[Draws]) -> dict[str, str]:
    """Say in words what may be said of two sequences; that nobody can tell them apart is a result."""
    names = one.letter, two.letter
    found = verdict_on((one.lane, two.lane), names, lambda: drawn, unheard=one.contradicted, called=one.name)
    title, text = worded(found, names)
    return {"title": title, "text": text}
