"""The random numbers of a chunk of patients, and what they keep for life: the frailty and the month of another death.

Every purpose has its own stream for each chunk and line (`STREAMS`), so that two courses of the same seed give the same patient
the same numbers and differ by what they do, and adding a use of one stream moves no other.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from weakref import proxy

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence

from mbc_widgets.simulate.course import NO_FRAILTY, Course, Turn, gamma_points

Array = np.ndarray[Any, Any]
STREAMS = ("frailty", "time on line", "fate after line", "toxicity", "supportive care", "other death", "marker")
FRAILTY, TIME, FATE, TOXICITY, SUPPORT, OTHER_DEATH, MARKER = range(len(STREAMS))
FAR = np.float32(1e9)  # months: beyond any life
MOST_NAMES = 2**31  # of markers
GRID = 4096  # steps of a table that is read backwards
MOST_KEPT = 6  # of what patients alter: the lanes of one view ask for no more
YEAR = 12.0


class Numbers:
    """The random numbers of one chunk, a stream for each purpose and line; drawn when first asked for, and kept."""

    def __init__(self, seed: int, chunk: int, size: int) -> None:
        self.seed, self.chunk, self.size = seed, chunk, size
        self._kept: dict[tuple[int, int], Array] = {}
        self._frailties: dict[tuple[float, float, float], tuple[Array, Array | None]] = {}
        self._deaths: dict[tuple[float, ...], Array] = {}
        self._paths: dict[tuple[Turn, ...], list[tuple[Array, Numbers]]] = {}

    def _stream(self, purpose: int, line: int) -> Generator:
        return Generator(SFC64(SeedSequence(self.seed, spawn_key=(self.chunk, purpose, line))))

    def exponential(self, purpose: int, line: int = 0) -> Array:
        """Give one exponential number with mean 1 for every patient."""
        found = self._kept.get((purpose, line))
        if found is None:
            found = self._stream(purpose, line).standard_exponential(self.size, dtype=np.float32)
            found.flags.writeable = False  # all courses and sessions read it
            self._kept[purpose, line] = found
        return found

    def uniform(self, purpose: int, line: int = 0) -> Array:
        """Give one number from 0 to below 1 for every patient."""
        found = self._kept.get((purpose, line))
        if found is None:
            found = self._stream(purpose, line).random(self.size, dtype=np.float32)
            found.flags.writeable = False
            self._kept[purpose, line] = found
        return found

    def by_path(self, turns: tuple[Turn, ...]) -> list[tuple[Array, "Numbers"]]:
        """Give, for each set of turns, the places of those who take it and their numbers; kept, as many courses share turns."""
        found = self._paths.get(turns)
        if found is None:
            path = np.zeros(self.size, np.uint8)
            for at, turn in enumerate(turns):
                held = np.any([self._marker(name) < share for name, share in turn.results], axis=0)
                path += held * np.uint8(2**at)
            places = [(path == each).nonzero()[0] for each in range(2 ** len(turns))]
            make_room(self._paths)
            found = self._paths[turns] = [(who, _Some(self, who)) for who in places]
        return found

    def _marker(self, name: str) -> Array:
        """Give the number that decides over one result, the same at every line."""
        return self.uniform(MARKER, int.from_bytes(name.encode(), "big") % MOST_NAMES)

    def people(self, courses: Sequence[Course]) -> tuple[Array, Array | None, Array]:
        """Give each patient's frailty, what it does to odds (None for nothing), and month of death of another cause."""
        other = self._death(courses[0].other_deaths)
        found = [self._frail(*course.own_frailty, course.leaning) for course in courses]
        if len(found) == 1:
            return *found[0], other
        leaning = any(course.leaning for course in courses)
        odds = (
            np.stack([np.ones_like(frailty) if odds is None else odds for frailty, odds in found]) if leaning else None
        )
        return np.stack([frailty for frailty, _ in found]), odds, other

    def _frail(self, mean: float, variance: float, leaning: float) -> tuple[Array, Array | None]:
        found = self._frailties.get((mean, variance, leaning))
        if found is None:
            alike = variance < NO_FRAILTY
            frailty = np.ones(self.size, np.float32) if alike else _drawn(self.uniform(FRAILTY), frailties(variance))
            if mean != 1:
                frailty *= np.float32(mean)
            odds = np.power(frailty, np.float32(leaning)) if leaning and not alike else None
            make_room(self._frailties)
            found = self._frailties[mean, variance, leaning] = frailty, odds
        return found

    def _death(self, yearly: tuple[float, ...]) -> Array:
        found = self._deaths.get(yearly)
        if found is None:
            nobody = np.full(self.size, FAR, np.float32)
            found = _drawn(self.uniform(OTHER_DEATH), months_of(yearly)) if yearly else nobody
            make_room(self._deaths)
            self._deaths[yearly] = found
        return found


def make_room(kept: dict[Any, Any]) -> None:
    """Lets the oldest go: what another patient of the same session asks for is other numbers of as many people."""
    while len(kept) >= MOST_KEPT:
        del kept[next(iter(kept))]


class _Some(Numbers):
    """The numbers of some of the people of a chunk: the very numbers that these people have."""

    def __init__(self, everybody: Numbers, who: Array) -> None:
        super().__init__(everybody.seed, everybody.chunk, who.size)
        self._everybody, self._who = proxy(everybody), who  # they keep these: a cycle would outlive its chunk

    def exponential(self, purpose: int, line: int = 0) -> Array:
        return self._taken(purpose, line, self._everybody.exponential)

    def uniform(self, purpose: int, line: int = 0) -> Array:
        return self._taken(purpose, line, self._everybody.uniform)

    def _taken(self, purpose: int, line: int, of_all: Callable[[int, int], Array]) -> Array:
        found = self._kept.get((purpose, line))
        if found is None:
            found = self._kept[purpose, line] = of_all(purpose, line).take(self._who)
            found.flags.writeable = False
        return found


@lru_cache(maxsize=4)
def same_people(seed: int, size: int) -> Numbers:
    """Give the numbers of a run of one chunk: sequences and parameter draws of one seed share the same people."""
    return Numbers(seed, 0, size)


def _drawn(uniform: Array, table: Array) -> Array:
    """Give the value of a table at each share from 0 to 1, straight between its points."""
    place = uniform * np.float32(GRID)  # below GRID, so there is always a next point
    floor = np.floor(place)
    step = floor.astype(np.int32)
    place -= floor
    found: Array = table.take(step)
    place *= table.take(step + 1) - found
    found += place
    return found


@lru_cache(maxsize=256)
def months_of(yearly: tuple[float, ...]) -> Array:
    """Give the months to death at each share of those who die, from yearly chances of death."""
    alive = np.concatenate([[1.0], np.cumprod(1 - np.asarray(yearly, float)), [0.0]])
    months = YEAR * np.arange(alive.size)
    found: Array = np.interp(np.linspace(0, 1, GRID + 1), 1 - alive, months).astype(np.float32)
    return found


@lru_cache(maxsize=256)
def frailties(variance: float) -> Array:
    """Give the frailty at each share of people; the outermost steps end where 1 in 10 million lies."""
    if variance < NO_FRAILTY:
        return np.ones(GRID + 1, np.float32)
    logs, weights = gamma_points(variance)
    below = np.cumsum(weights) - np.asarray(weights) / 2
    shares = np.linspace(0, 1, GRID + 1)
    shares[0], shares[-1] = 1e-7, 1 - 1e-7
    return np.exp(np.interp(shares, below, logs)).astype(np.float32)
