"""The third step: how sure the parameters leave the survival of the chosen sequences, and what may be said of two of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mbc_widgets.figures.outcomes.candidate import Candidate
from mbc_widgets.figures.outcomes.frame import listed
from mbc_widgets.simulate.uncertainty import DRAWS, PEOPLE, Draws, compare, draws_so_far
from mbc_widgets.wording import upper_first

CHOOSE = "Choose on harms, visits and what the patient wants, not on this picture."
AT_ONCE = 8  # draws between two questions whether the answer is still wanted


def draw(one: Candidate, axis: Sequence[float], *, draws: int = DRAWS, people: int = PEOPLE) -> Iterator[Draws | None]:
    """Give None after every few parameter draws, so that whoever asks may stop, and the draws at last."""
    lane = one.lane
    found: Draws | None = None
    for part in draws_so_far(
        lane.course, lane.errors, axis, draws=draws, people=people, seed=lane.seed, at_once=AT_ONCE
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


def verdict(
    one: Candidate, two: Candidate, drawn: Sequence[Draws], medians: Sequence[Mapping[str, float]]
) -> dict[str, str]:
    """Say in words what may be said of two sequences; that nobody can tell them apart is a result.

    Where the bands of the medians overlap that comes first, and what the same simulated people show comes after it.
    """
    first, second = medians
    found = compare(drawn[0], drawn[1], by_structure={name: round(second[name] - first[name], 1) for name in first})
    ended = [each.letter for each in (one, two) if each.early]
    ends = "end" if len(ended) > 1 else "ends"
    early = f" {listed(ended)} {ends} before a last line: that nothing follows there is an assumption." if ended else ""
    if found.longer is None:
        text = f"{one.letter} and {two.letter}: {found.because}. {CHOOSE}"
        return {"title": "Not distinguishable", "text": text + early}
    longer, other = (one, two) if found.longer == "first" else (two, one)
    bands = [each.band() for each in drawn]
    if max(each.low for each in bands) > min(each.high for each in bands):
        title = f"In the model people live longer by {longer.letter} than by {other.letter}"
        return {"title": title, "text": upper_first(found.because) + "." + early}
    told = [f"{o.letter} ({b.low:.0f} to {b.high:.0f} months)" for o, b in zip((one, two), bands, strict=True)]
    text = (
        f"The medians of {listed(told)} overlap. Only when the very same simulated people are put on both do they live longer"
        f" by {longer.letter}, {found.because}."
    )
    return {"title": "Not distinguishable by their bands", "text": text + early}
