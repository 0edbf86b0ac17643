"""Months in ascending order and what is read from them, whole people out of shares, and how many digits chance leaves.

Comes in: months of death of simulated people, or shares of them. Goes out: plain numbers. Pure Python, so that it reads a list and an
array of NumPy alike.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Any, Protocol

from mbc_widgets.simulate.exits import EVERYBODY

BAND = (
    3.0  # months of follow-up within which hazards are compared, so that a hazard that changes with time does no harm
)
TENTH_TOLD = 0.05  # Monte-Carlo error up to which a tenth of a month is told


class Ordered(Protocol):
    """Months in ascending order: a list, or an array of NumPy."""

    def __len__(self) -> int: ...

    def __getitem__(self, at: int, /) -> Any: ...


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


def error_of_percent(size: int) -> float:
    """Give the Monte-Carlo error of a percent of so many people: that of a half, the largest there is."""
    return EVERYBODY / 2 / sqrt(size)


def digits_of_percent(size: int) -> int:
    """Give how many decimals of a percent so many people leave."""
    return digits_of(error_of_percent(size))


def spread_of(ordered: Ordered) -> Spread:
    """Give the spread over people of their months of death, which are in ascending order."""
    near = 0.5 / sqrt(len(ordered))
    tenth, low, median, high, ninetieth = (quantile(ordered, x) for x in (0.1, 0.5 - near, 0.5, 0.5 + near, 0.9))
    return Spread(tenth=tenth, median=median, ninetieth=ninetieth, standard_error=(high - low) / 2)


def quantile(ordered: Ordered, share: float) -> float:
    """Give a quantile of values in ascending order, between the two nearest as NumPy does, which would sort them again."""
    place = share * (len(ordered) - 1)
    low = int(place)
    below, above = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
    return below + (above - below) * (place - low)


def alive_at(ordered: Ordered, months: Iterable[float]) -> list[float]:
    """Give the percent alive at each month, to one decimal, from months of death in ascending order."""
    size = len(ordered)
    return [tenths(EVERYBODY * (1 - bisect_right(ordered, month) / size)) for month in months]


def tenths(value: float) -> float:
    """Give a number to one decimal as NumPy rounds it."""
    return round(value * 10) / 10


def month_axis(ordered: Ordered, step: float = 3.0) -> Iterator[float]:
    """Give the months of an axis that ends where fewer than 5 in 100 are alive; the months of death are in ascending order."""
    yield from (step * at for at in range(ceil((quantile(ordered, 0.95) + step) / step)))


def hundred(shares: Sequence[float]) -> list[int]:
    """Give whole numbers that sum to 100, the largest remainders rounded up."""
    return apportioned(shares, EVERYBODY)


def apportioned(shares: Sequence[float], total: int) -> list[int]:
    """Give whole numbers that sum to a total, in the proportion of shares that sum to 1; the largest remainders are rounded up."""
    exact = [share * total for share in shares]
    counts = [floor(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda at: counts[at] - exact[at])
    for at in order[: max(total - sum(counts), 0)]:
        counts[at] += 1
    return counts
