"""What simulated lives show, as plain rows: survival, states over time, who reaches each line, 100 people, one life among its like.

Comes in: `Lives`, one or two of the same seed. Goes out: rows of plain numbers (percent and months), from which a figure, its
table and its sentence are made alike. Medians and shares, never means.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbc_widgets.simulate.kernel import DIED_OF_OTHER, DIED_ON_LINE, Array, Lives

EVERYBODY = 100
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
        return 1 if self.standard_error < TENTH_TOLD else 0


def survival_spread(lives: Lives) -> Spread:
    """Give the spread of survival over people, from the start of the first line; months."""
    tenth, median, ninetieth = (float(x) for x in np.quantile(lives.dies, (0.1, 0.5, 0.9)))
    low, high = np.quantile(lives.dies, (0.5 - 0.5 / np.sqrt(lives.size), 0.5 + 0.5 / np.sqrt(lives.size)))
    return Spread(tenth=tenth, median=median, ninetieth=ninetieth, standard_error=float(high - low) / 2)


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
    rows = []
    for month in months:
        counts = np.bincount(states_at(lives, month) + 1, minlength=len(lives.begins) + 2)
        shares = [round(float(EVERYBODY * count / lives.size), 2) for count in counts]
        lines = {f"{LINE} {number}": share for number, share in enumerate(shares[2:], start=1)}
        rows.append({"month": month, **lines, SUPPORTIVE: shares[1], DEAD: shares[0]})
    return rows


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
    return [hundred(row) for row in shares.T]


def hundred(shares: Array) -> list[int]:
    """Give whole numbers that sum to 100, the largest remainders rounded up."""
    counts = np.floor(shares * EVERYBODY).astype(int)
    short = EVERYBODY - int(counts.sum())
    counts[np.argsort(-(shares * EVERYBODY - counts), kind="stable")[:short]] += 1
    return [int(count) for count in counts]


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
    """Give the person whose survival is the median, and twenty of like frailty: what differs among them is chance alone."""
    order = np.argsort(lives.dies, kind="stable")
    middle = int(order[lives.size // 2])
    near = np.argsort(np.abs(lives.frailty - lives.frailty[middle]), kind="stable")
    return middle, tuple(int(at) for at in near[near != middle][:ALIKE])


def _month(value: Any) -> float:
    return round(float(value), 1)


def month_axis(lives: Lives, step: float = 3.0) -> Iterator[float]:
    """Give the months of an axis that ends where fewer than 5 in 100 are alive."""
    last = float(np.quantile(lives.dies, 0.95))
    yield from (float(month) for month in np.arange(0, last + step, step))
