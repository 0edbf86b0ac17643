"""What simulated lives show, as plain rows: survival, states over time, who reaches each line, 100 people, one life among its like.

Comes in: `Lives`, one or two of the same seed. Goes out: rows of plain numbers (percent and months), from which a figure, its
table and its sentence are made alike. Medians and shares, never means.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mbc_widgets.simulate.exits import EVERYBODY
from mbc_widgets.simulate.kernel import DIED_OF_OTHER, DIED_ON_LINE, Array, Lives
from mbc_widgets.simulate.people import ALIKE, DEAD, LINE, SUPPORTIVE, Reached, Row
from mbc_widgets.simulate.spread import Spread, hundred, spread_of


def survival_spread(lives: Lives) -> Spread:
    """Give the spread of survival over people, from the start of the first line; months."""
    return spread_of(np.sort(lives.dies))


def survival_rows(lives: Lives, months: Sequence[float]) -> list[Row]:
    """Give the percent alive at each month: {month, percent}."""
    deaths = np.sort(lives.dies)
    alive = EVERYBODY * (1 - np.searchsorted(deaths, np.asarray(months, np.float32), side="right") / lives.size)
    return [{"month": month, "percent": round(float(share), 2)} for month, share in zip(months, alive, strict=True)]


def states_at(lives: Lives, month: float) -> Array:
    """Give the state of each patient: 1, 2, ... on (or after the progression of) that line, 0 supportive care, -1 dead."""
    started: Array = (lives.begins <= month).sum(axis=0).astype(np.int8)
    started[lives.supportive_from <= month] = 0
    started[lives.dies <= month] = -1
    return started


def occupancy_rows(lives: Lives, months: Sequence[float]) -> list[Row]:
    """Give, at each month, the percent on each line (with the time until the next), in supportive care, and dead; sums to 100."""
    axis = np.asarray(months, np.float32)
    dead = _by(lives.dies, axis)
    cared = _by(lives.supportive_from, axis)
    left = np.where(np.isnan(lives.supportive_from), lives.dies, lives.supportive_from)
    last = (~np.isnan(lives.begins)).sum(axis=0)  # the line from which each goes to supportive care or dies
    begun = [_by(begins, axis) for begins in lives.begins]
    ended = [_by(left[last == number], axis) for number in range(1, len(begun) + 1)]
    moved = [*begun[1:], np.zeros_like(dead)]
    lines = [start - further - gone for start, further, gone in zip(begun, moved, ended, strict=True)]
    counts = np.stack([*lines, cared - _by(lives.dies[~np.isnan(lives.supportive_from)], axis), dead], axis=1)
    names = [*(f"{LINE} {number}" for number in range(1, len(lines) + 1)), SUPPORTIVE, DEAD]
    shares = np.round(EVERYBODY * counts / lives.size, 2).tolist()
    return [{"month": month, **dict(zip(names, row, strict=True))} for month, row in zip(months, shares, strict=True)]


def _by(times: Array, axis: Array) -> Array:
    """Give how many of these times have come by each month; what never comes (NaN) is sorted last."""
    return np.searchsorted(np.sort(times), axis, side="right")


def reach_rows(lives: Lives, names: Sequence[str]) -> list[Row]:
    """Give, line by line, who starts it and how it ends: {line, regimen, starts, dies, toxicity}; see `people.Reached`."""
    return [
        {"line": number, "regimen": name, **reached(lives, number - 1)._asdict()}
        for number, name in enumerate(names, start=1)
    ]


def reached(lives: Lives, at: int) -> Reached:
    """Give who starts a line and how it ends; death is of the disease or of another cause."""
    started = ~np.isnan(lives.begins[at])
    stopped = lives.treated_until[at][started] < lives.ends[at][started]
    dies = np.isin(lives.exits[at][started], (DIED_ON_LINE, DIED_OF_OTHER))
    return Reached(
        starts=round(float(EVERYBODY * started.mean()), 1),
        dies=round(float(EVERYBODY * dies.sum() / lives.size), 1),
        toxicity=round(float(EVERYBODY * stopped.mean()), 1) if started.any() else 0.0,
    )


def paired(one: Lives, two: Lives, months: Sequence[float]) -> list[list[int]]:
    """Give of 100 people, at each month, how many are alive by both sequences, only by the first, only by the second, by neither.

    The lives are those of the same people: both were drawn with the same seed.

    Raises:
        ValueError: other numbers of people.

    """
    if one.size != two.size:
        raise ValueError(f"two sequences are paired person by person, found {one.size} and {two.size}")
    axis = np.asarray(months, np.float32)[:, None]
    first, second = one.dies > axis, two.dies > axis
    both, alone = (np.count_nonzero(each, axis=1) for each in (first & second, first))
    other = np.count_nonzero(second, axis=1) - both
    shares = np.array([both, alone - both, other, one.size - alone - other]) / one.size
    return [hundred(row) for row in shares.T.tolist()]


def life(lives: Lives, at: int, names: Sequence[str]) -> Row:
    """Give one life as a swimmer: bars {line, regimen, start, end, treated_until}, supportive care, and the month of death."""
    bars = [
        {
            "line": number,
            "regimen": name,
            "start": _month(lives.begins[number - 1, at]),
            "end": _month(lives.ends[number - 1, at]),
            "treated_until": _month(lives.treated_until[number - 1, at]),
        }
        for number, name in enumerate(names, start=1)
        if not np.isnan(lives.begins[number - 1, at])
    ]
    supportive = lives.supportive_from[at]
    return {
        "bars": bars,
        "supportive_from": None if np.isnan(supportive) else _month(supportive),
        "dies": _month(lives.dies[at]),
    }


def typical(lives: Lives) -> tuple[int, tuple[int, ...]]:
    """Give the person whose survival is nearest to the median, and twenty of like frailty: what differs among them is chance alone.

    The person is one of those whose test results are the commonest, so that the life shown is not that of a rare path.
    """
    common = np.flatnonzero(lives.path == np.bincount(lives.path).argmax())
    apart = np.abs(lives.dies[common] - np.partition(lives.dies, lives.size // 2)[lives.size // 2])
    middle = int(common[apart.argmin()])
    near = np.argsort(np.abs(lives.frailty - lives.frailty[middle]), kind="stable")
    return middle, tuple(int(at) for at in near[near != middle][:ALIKE])


def _month(value: Any) -> float:
    return round(float(value), 1)
