"""Many people by NumPy, with the fast kernel: the engine wherever NumPy is installed.

Comes in: courses, how many people, a seed. Goes out: what `engine.Engine` asks for, from arrays.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence

from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.simulate import outcomes
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.exits import EVERYBODY
from mbc_widgets.simulate.kernel import Array, Lives, simulate, survival_of_draws, survival_times
from mbc_widgets.simulate.people import Clinic, Effort, OnLine, Rates, Reached, Row
from mbc_widgets.simulate.rates import hazard_ratio

__all__ = ["EFFORT", "hazard_ratio", "joined", "noise", "of_draws", "ordered", "people", "survival_times"]
EFFORT = Effort(
    size=20_000,
    draws=300,
    drawn=4_000,
    at_once=8,
    levered=4_000,
    chance=0.5,
    ratio_error=0.005,
    ratio_digits=2,
    few=False,
)


def people(course: Course, size: int, seed: int) -> "Many":
    """Give the people of a course."""
    return Many(simulate(course, size, seed), len(course.paths))


def ordered(months: Any) -> Array:
    """Give months in ascending order."""
    return np.sort(months)


def of_draws(
    drawn: Sequence[Course], months: Sequence[float], people: int, seed: int, *, threads: int = 1
) -> tuple[Array, Array]:
    """Give the median survival by each course, and the percent alive at each of the months: courses, and courses x months."""
    dies = survival_of_draws(drawn, people, seed, threads=threads)
    dies.sort()
    at = np.asarray(months, np.float32)
    dead = np.array([np.searchsorted(row, at, side="right") for row in dies])
    return dies[:, people // 2].astype(float), EVERYBODY * (1 - dead / people)


def noise(seed: int, name: str) -> "_Noise":
    """Give the random numbers of one source of error."""
    return _Noise(seed, name)


def joined(one: Any, two: Any) -> Array:
    """Give draws and further draws as one."""
    return np.concatenate((one, two))


class _Noise:
    """The random numbers of one source of error."""

    def __init__(self, seed: int, name: str) -> None:
        self._stream = Generator(SFC64(SeedSequence(seed, spawn_key=(crc32(name.encode()),))))

    def uniform(self, count: int) -> list[float]:
        """Give numbers from 0 to 1."""
        return self._stream.random(count).tolist()  # type: ignore[no-any-return]

    def normal(self, count: int) -> list[float]:
        """Give numbers with mean 0 and standard deviation 1."""
        return self._stream.standard_normal(count).tolist()  # type: ignore[no-any-return]

    def beta(self, one: float, other: float, count: int) -> list[float]:
        """Give shares with these two weights."""
        return self._stream.beta(one, other, count).tolist()  # type: ignore[no-any-return]


class Many:
    """Simulated people in arrays; see `people.People`."""

    def __init__(self, lives: Lives, paths: int) -> None:
        self.lives, self._paths = lives, paths

    @property
    def size(self) -> int:
        """Give how many they are."""
        return self.lives.size

    @cached_property
    def deaths(self) -> Array:
        """Give their months of death in ascending order."""
        return np.sort(self.lives.dies)

    def occupancy(self, months: Sequence[float]) -> list[list[float]]:
        """Give the percent on each line, in supportive care, and dead at each month."""
        return [[*row.values()][1:] for row in outcomes.occupancy_rows(self.lives, months)]

    def starting(self, at: int) -> Sequence[int]:
        """Give how many start a line, by path."""
        return self._by_path(~np.isnan(self.lives.begins[at]))

    def on_line(self, at: int, month: float) -> Sequence[int]:
        """Give how many are on a line at a month, by path."""
        return self._by_path(outcomes.states_at(self.lives, month) == at + 1)

    def _by_path(self, who: Array) -> Sequence[int]:
        return np.bincount(self.lives.path[who], minlength=self._paths).tolist()  # type: ignore[no-any-return]

    def reach(self, at: int) -> Reached:
        """Give who starts a line and how it ends."""
        return outcomes.reached(self.lives, at)

    def paired(self, other: "Many", months: Sequence[float]) -> list[list[int]]:
        """Give of 100 people who lives by both courses, by one of them, by neither."""
        return outcomes.paired(self.lives, other.lives, months)

    def typical(self) -> tuple[int, tuple[int, ...]]:
        """Give the person in the middle, and twenty alike."""
        return outcomes.typical(self.lives)

    def life(self, person: int, names: Sequence[Sequence[str]]) -> Row:
        """Give one life."""
        return outcomes.life(self.lives, person, names[int(self.lives.path[person])])

    def clinic(self, rates: Rates, early: float) -> Clinic:
        """Give days in the clinic."""
        on = self.lives.treated_until - self.lives.begins
        days = [self._days(each, by_path, early) for each, by_path in zip(on, rates, strict=False)]
        total = np.nansum(days, axis=0)
        tenth, middle, ninetieth = (float(x) for x in np.quantile(total, (0.1, 0.5, 0.9)))
        share = float(np.median(total / np.maximum(self.lives.dies * DAYS_PER_MONTH, 1)))
        lines = tuple(OnLine(_median(each), _median(spent)) for each, spent in zip(on, days, strict=False))
        return Clinic(tenth, middle, ninetieth, share, lines)

    def _days(self, on: Array, rates: Sequence[tuple[float, float] | None], early: float) -> Array:
        """Give the clinic days of each person on a line; NaN for those who do not start it."""
        found = np.zeros_like(on)
        for path, rate in enumerate(rates):
            if rate:
                days = rate[0] * on + rate[1] * np.minimum(on / early, 1)
                found = np.where(self.lives.path == path, days, found)
        return np.where(np.isnan(on), np.nan, found)

    def adjusted(self, worth: Sequence[Sequence[float]], after: float) -> float:
        """Give the median of the weighted months."""
        lines = np.nan_to_num(self.lives.ends - self.lives.begins)
        weighted: Array = after * (self.lives.dies - lines.sum(axis=0))
        for months_on, by_path in zip(lines, worth, strict=False):
            weighted = weighted + np.array(by_path)[self.lives.path] * months_on
        return float(np.median(weighted))


def _median(values: Array) -> float:
    """Give the median over those who start the line; 0 when nobody does."""
    told: Array = values[~np.isnan(values)]
    return float(np.median(told)) if told.size else 0.0
