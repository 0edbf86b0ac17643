"""What simulated lives show, as plain rows: survival, states over time, who reaches each line, 100 people, one life among its like.

Comes in: `Lives`, one or two of the same seed. Goes out: rows of plain numbers (percent and months), from which a figure, its
table and its sentence are made alike. Medians and shares, never means.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.exits import EVERYBODY
from mbc_widgets.simulate.kernel import DIED_OF_OTHER, DIED_ON_LINE, Array, Lives

SUPPORTIVE, DEAD, BETWEEN = "supportive care", "dead", "between lines"
LINE = "line"
TENTH_TOLD = 0.05  # Monte-Carlo error up to which a tenth of a month is told
ALIKE = 20  # lives in the ghost band
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The spread over people of a time in months: by when 10, 50 and 90 in 100 had the event."""

    tenth: float
    median: float
    ninetieth: float
    standard_error: float  # Monte-Carlo, of the median

    @property
    def digits(self) -> int:
        """Give how many decimals the Monte-Carlo error leaves: a digit below it is not printed."""
        return digits_of(self.standard_error)


def digits_of(standard_error: float) -> int:
    """Give how many decimals a Monte-Carlo error leaves."""
    return 1 if standard_error < TENTH_TOLD else 0


def digits_of_percent(size: int) -> int:
    """Give how many decimals of a percent so many people leave, by the error of a half, the largest there is."""
    return digits_of(EVERYBODY / 2 / float(np.sqrt(size)))


def survival_spread(lives: Lives) -> Spread:
    """Give the spread of survival over people, from the start of the first line; months."""
    return spread_of(np.sort(lives.dies))


def spread_of(ordered: Array) -> Spread:
    """Give the spread over people of their months of death, which are in ascending order."""
    near = 0.5 / float(np.sqrt(ordered.size))
    tenth, low, median, high, ninetieth = (quantile(ordered, x) for x in (0.1, 0.5 - near, 0.5, 0.5 + near, 0.9))
    return Spread(tenth=tenth, median=median, ninetieth=ninetieth, standard_error=(high - low) / 2)


def quantile(ordered: Array, share: float) -> float:
    """Give a quantile of values in ascending order, between the two nearest as NumPy does, which would sort them again."""
    place = share * (ordered.size - 1)
    low = int(place)
    below, above = float(ordered[low]), float(ordered[min(low + 1, ordered.size - 1)])
    return below + (above - below) * (place - low)


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
    """Give, line by line, who starts it and how it ends, in percent of those who start the first: {line, regimen, starts, ...}.

    `dies`: on the line, of the disease or another cause. `toxicity`: of those who start it, left the drug before progression.
    """
    rows = []
    for number, name in enumerate(names, start=1):
        at = number - 1
        started = ~np.isnan(lives.begins[at])
        stopped = lives.treated_until[at][started] < lives.ends[at][started]
        dies = np.isin(lives.exits[at][started], (DIED_ON_LINE, DIED_OF_OTHER))
        rows.append(
            {
                "line": number,
                "regimen": name,
                "starts": round(float(EVERYBODY * started.mean()), 1),
                "dies": round(float(EVERYBODY * dies.sum() / lives.size), 1),
                "toxicity": round(float(EVERYBODY * stopped.mean()), 1) if started.any() else 0.0,
            }
        )
    return rows


def taken(lives: Lives, course: Course, at: int, who: Array, total: int) -> dict[str, int]:
    """Give how many of `total` people have which regimen on a line: the planned one first, then those that test results bring there.

    In proportion to those of `who` (true or false for each), who started the line; nothing when there is nobody.
    """
    counts = np.bincount(lives.path[who], minlength=len(course.paths))
    found: dict[str, int] = {}
    for path, count in zip(course.paths, counts, strict=True):
        if at < len(path.lines):
            found[path.lines[at].name] = found.get(path.lines[at].name, 0) + int(count)
    everybody = sum(found.values())
    return (
        dict(zip(found, apportioned(np.array([*found.values()]) / everybody, total), strict=True)) if everybody else {}
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
    return hundred(shares.T)


def hundred(shares: Array) -> list[Any]:
    """Give whole numbers that sum to 100, the largest remainders rounded up; of several rows, each by itself."""
    return apportioned(shares, EVERYBODY)


def apportioned(shares: Array, total: int) -> list[Any]:
    """Give whole numbers that sum to a total, in the proportion of shares that sum to 1; the largest remainders are rounded up."""
    exact = np.asarray(shares) * total
    counts = np.floor(exact).astype(int)
    order = np.argsort(counts - exact, axis=-1, kind="stable")
    short = total - counts.sum(axis=-1, keepdims=True)
    found: list[Any] = (counts + (np.argsort(order, axis=-1) < short)).tolist()
    return found


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


def month_axis(ordered: Array, step: float = 3.0) -> Iterator[float]:
    """Give the months of an axis that ends where fewer than 5 in 100 are alive; the months of death are in ascending order."""
    yield from (float(month) for month in np.arange(0, quantile(ordered, 0.95) + step, step))
