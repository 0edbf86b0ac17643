"""The third step: how sure the parameters leave the survival of the chosen sequences, and what may be said of two of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import listed
from mbc_widgets.simulate.kernel import Array
from mbc_widgets.simulate.uncertainty import DRAWS, PEOPLE, Draws, Verdict, compare, courses, outcome

AT_ONCE = 5  # draws between two questions whether the answer is still wanted


def draw(one: Candidate, axis: Sequence[float], *, draws: int = DRAWS, people: int = PEOPLE) -> Iterator[Draws | None]:
    """Give None after every few parameter draws, so that whoever asks may stop, and the draws at last."""
    lane, at, found = one.lane, np.asarray(axis, np.float32), list[tuple[float, Array]]()
    for number, drawn in enumerate(courses(lane.course, lane.errors, draws, lane.seed), start=1):
        found.append(outcome(drawn, at, people, lane.seed))
        if number % AT_ONCE == 0:
            yield None
    medians, alive = zip(*found, strict=True)
    yield Draws(median=np.array(medians), months=tuple(axis), alive=np.array(alive))


def band(drawn: Draws) -> dict[str, Any]:
    """Give the band of the survival, pointwise, and of its median; whole months and people."""
    rows, median = drawn.survival_rows(), drawn.band()
    return {
        "low": [row["low"] for row in rows],
        "high": [row["high"] for row in rows],
        "cells": [f"{row['low']:.0f} to {row['high']:.0f}" for row in rows],
        "median": f"{median.low:.0f} to {median.high:.0f}",
    }


def verdict(
    one: Candidate, two: Candidate, drawn: Sequence[Draws], medians: Sequence[Mapping[str, float]]
) -> dict[str, str]:
    """Say in words what may be said of two sequences; that nobody can tell them apart is a result."""
    first, second = medians
    apart = {name: round(second[name] - first[name], 1) for name in first}
    found = compare(drawn[0], drawn[1], by_structure=apart)
    return {"title": _title(one, two, found), "text": _text(one, two, found)}


def _title(one: Candidate, two: Candidate, found: Verdict) -> str:
    if found.longer is None:
        return "Not distinguishable"
    longer, other = (one, two) if found.longer == "first" else (two, one)
    return f"In the model people live longer by {longer.letter} than by {other.letter}"


def _text(one: Candidate, two: Candidate, found: Verdict) -> str:
    because = found.because[0].upper() + found.because[1:] + "."
    choose = " Choose on harms, visits and what the patient wants, not on this picture." if found.longer is None else ""
    ended = [each.letter for each in (one, two) if each.early]
    ends = "end" if len(ended) > 1 else "ends"
    early = f"{listed(ended)} {ends} before a last line: that nothing follows there is an assumption." if ended else ""
    names = f"{one.letter} and {two.letter}: " if found.longer is None else ""
    return f"{names}{because if not names else because[0].lower() + because[1:]}{choose} {early}".strip()
