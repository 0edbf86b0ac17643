"""Fewer people by the standard library alone, life by life: the engine where NumPy cannot be imported, as in a browser.

Comes in: courses, how many people, a seed. Goes out: what `engine.Engine` asks for, from the lives of `reference`: the same model with
the same questions, so that only chance sets its figures apart from those of `many`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from math import ceil, fsum
from random import Random
from statistics import median
from typing import Any

from mbc_widgets.patient import DAYS_PER_MONTH
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.exits import EVERYBODY
from mbc_widgets.simulate.people import ALIKE, Clinic, Effort, OnLine, Rates, Reached, Row
from mbc_widgets.simulate.reference import DEATH_ON_LINE, OTHER_DEATH, Leg, Life, lives_one_by_one
from mbc_widgets.simulate.spread import BAND, hundred, quantile

# Over seeds, in four patients and two sequences of each, the ends of the bands of differences move by 0.2 to 0.8 months (standard
# deviation; twice that is `chance`), a hazard ratio by 0.02, and the factor that gives it by twice as much.
EFFORT = Effort(
    size=1_000, draws=100, drawn=500, at_once=1, levered=400, chance=1.5, ratio_error=0.02, ratio_digits=1, few=True
)


def people(course: Course, size: int, seed: int) -> "Few":
    """Give the people of a course."""
    return Few(lives_one_by_one(course, size, seed), course)


def survival_times(course: Course, size: int, seed: int) -> list[float]:
    """Give the month of death of each of the same people."""
    return [life.dies for life in lives_one_by_one(course, size, seed)]


def ordered(months: Iterable[float]) -> list[float]:
    """Give months in ascending order."""
    return sorted(months)


def of_draws(
    drawn: Sequence[Course], months: Sequence[float], people: int, seed: int, *, threads: int = 1
) -> tuple[list[float], list[list[float]]]:
    """Give the median survival by each course, and the percent alive at each of the months; there is one thread."""
    del threads
    deaths = [sorted(survival_times(course, people, seed)) for course in drawn]
    alive = [[EVERYBODY * (1 - bisect_right(dies, month) / people) for month in months] for dies in deaths]
    return [dies[people // 2] for dies in deaths], alive


def noise(seed: int, name: str) -> "_Noise":
    """Give the random numbers of one source of error."""
    return _Noise(seed, name)


def joined(one: Sequence[Any], two: Sequence[Any]) -> list[Any]:
    """Give draws and further draws as one."""
    return [*one, *two]


def hazard_ratio(one: Sequence[float], two: Sequence[float]) -> float:
    """Give the hazard of group one over that of group two, from their months to the event: see `rates.hazard_ratio`."""
    edges = [BAND * at for at in range(ceil(max(*one, *two) / BAND) + 1)]
    bands = zip(*_events_and_months(sorted(one), edges), *_events_and_months(sorted(two), edges), strict=True)
    above, below = [], []
    for events_1, months_1, events_2, months_2 in bands:
        total = max(months_1 + months_2, 1e-9)
        above.append(events_1 * months_2 / total)
        below.append(events_2 * months_1 / total)
    return fsum(above) / fsum(below)


def _events_and_months(deaths: Sequence[float], edges: Sequence[float]) -> tuple[list[float], list[float]]:
    """Give, by band of follow-up, the events and the months at risk; the times are in ascending order."""
    lived = [0.0, *accumulate(deaths)]
    before = [bisect_left(deaths, edge) for edge in edges]
    until = [lived[dead] + edge * (len(deaths) - dead) for dead, edge in zip(before, edges, strict=True)]
    return _steps(before), _steps(until)


def _steps(values: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(values)]


class _Noise:
    """The random numbers of one source of error."""

    def __init__(self, seed: int, name: str) -> None:
        self._stream = Random(f"{seed} {name}")  # noqa: S311 - a simulation

    def uniform(self, count: int) -> list[float]:
        """Give numbers from 0 to 1."""
        return [self._stream.random() for _ in range(count)]

    def normal(self, count: int) -> list[float]:
        """Give numbers with mean 0 and standard deviation 1."""
        return [self._stream.gauss() for _ in range(count)]

    def beta(self, one: float, other: float, count: int) -> list[float]:
        """Give shares with these two weights."""
        return [self._stream.betavariate(one, other) for _ in range(count)]


class Few:
    """Simulated people one by one; see `people.People`."""

    def __init__(self, lives: list[Life], course: Course) -> None:
        self.lives, self._course = lives, course

    @property
    def size(self) -> int:
        """Give how many they are."""
        return len(self.lives)

    @cached_property
    def deaths(self) -> list[float]:
        """Give their months of death in ascending order."""
        return sorted(life.dies for life in self.lives)

    def occupancy(self, months: Sequence[float]) -> list[list[float]]:
        """Give the percent on each line, in supportive care, and dead at each month."""
        lines = range(max(len(path.lines) for path in self._course.paths))
        begun = [sorted(leg.begins for leg in self._legs(at)) for at in lines]
        left = [sorted(_left(life) for life in self.lives if len(life.legs) == at + 1) for at in lines]
        cared = [life for life in self.lives if life.supportive_from is not None]
        from_, until = sorted(map(_left, cared)), sorted(life.dies for life in cared)
        rows = []
        for month in months:
            came = [*(bisect_right(each, month) for each in begun), 0]
            gone = [bisect_right(each, month) for each in left]
            on = [start - further - lost for start, further, lost in zip(came, came[1:], gone, strict=False)]
            counts = [*on, bisect_right(from_, month) - bisect_right(until, month), bisect_right(self.deaths, month)]
            rows.append([round(EVERYBODY * count / self.size, 2) for count in counts])
        return rows

    def starting(self, at: int) -> Sequence[int]:
        """Give how many start a line, by path."""
        return self._by_path(lambda life: len(life.legs) > at)

    def on_line(self, at: int, month: float) -> Sequence[int]:
        """Give how many are on a line at a month, by path."""
        return self._by_path(lambda life: _line_at(life, month) == at)

    def _by_path(self, of: Callable[[Life], bool]) -> Sequence[int]:
        counts = [0] * len(self._course.paths)
        for life in self.lives:
            counts[life.path] += of(life)
        return counts

    def _legs(self, at: int) -> list[Leg]:
        """Give the lines at a place of those who start it."""
        return [life.legs[at] for life in self.lives if len(life.legs) > at]

    def reach(self, at: int) -> Reached:
        """Give who starts a line and how it ends."""
        legs = self._legs(at)
        dies = sum(leg.end in {DEATH_ON_LINE, OTHER_DEATH} for leg in legs)
        stopped = sum(leg.treated_until < leg.ends for leg in legs)
        starts, died = (round(EVERYBODY * count / self.size, 1) for count in (len(legs), dies))
        return Reached(starts, died, round(EVERYBODY * stopped / len(legs), 1) if legs else 0.0)

    def paired(self, other: "Few", months: Sequence[float]) -> list[list[int]]:
        """Give of 100 people who lives by both courses, by one of them, by neither.

        Raises:
            ValueError: other numbers of people.

        """
        deaths = [(one.dies, two.dies) for one, two in zip(self.lives, other.lives, strict=True)]
        rows = []
        for month in months:
            both = sum(one > month < two for one, two in deaths)
            first, second = (sum(pair[at] > month for pair in deaths) - both for at in (0, 1))
            counts = (both, first, second, self.size - both - first - second)
            rows.append(hundred([count / self.size for count in counts]))
        return rows

    def typical(self) -> tuple[int, tuple[int, ...]]:
        """Give the person in the middle, and twenty alike."""
        counts = self._by_path(lambda _: True)
        common = [at for at, life in enumerate(self.lives) if life.path == counts.index(max(counts))]
        half = self.deaths[self.size // 2]
        middle = min(common, key=lambda at: abs(self.lives[at].dies - half))
        frailty = self.lives[middle].frailty
        near = sorted(range(self.size), key=lambda at: abs(self.lives[at].frailty - frailty))
        return middle, tuple([at for at in near if at != middle][:ALIKE])

    def life(self, person: int, names: Sequence[Sequence[str]]) -> Row:
        """Give one life."""
        life = self.lives[person]
        bars = [
            {
                "line": number,
                "regimen": name,
                "start": round(leg.begins, 1),
                "end": round(leg.ends, 1),
                "treated_until": round(leg.treated_until, 1),
            }
            for number, (leg, name) in enumerate(zip(life.legs, names[life.path], strict=False), start=1)
        ]
        supportive = life.supportive_from
        return {
            "bars": bars,
            "supportive_from": None if supportive is None else round(supportive, 1),
            "dies": round(life.dies, 1),
        }

    def clinic(self, rates: Rates, early: float) -> Clinic:
        """Give days in the clinic."""
        lines: list[list[tuple[float, float]]] = [[] for _ in rates]  # months on the drug and days of those who start
        total, share = [], []
        for life in self.lives:
            spent = 0.0
            for on_line, leg, by_path in zip(lines, life.legs, rates, strict=False):
                on, (usual, more) = leg.treated_until - leg.begins, by_path[life.path] or (0.0, 0.0)
                days = usual * on + more * min(on / early, 1.0)
                on_line.append((on, days))
                spent += days
            total.append(spent)
            share.append(spent / max(life.dies * DAYS_PER_MONTH, 1.0))
        total.sort()
        tenth, middle, ninetieth = (quantile(total, at) for at in (0.1, 0.5, 0.9))
        medians = (OnLine(*map(median, zip(*each, strict=True))) if each else OnLine(0.0, 0.0) for each in lines)
        return Clinic(tenth, middle, ninetieth, median(share), tuple(medians))

    def adjusted(self, worth: Sequence[Sequence[float]], after: float) -> float:
        """Give the median of the weighted months."""

        def weighted(life: Life) -> float:
            on = [leg.ends - leg.begins for leg in life.legs]
            worthy = (by_path[life.path] * each for by_path, each in zip(worth, on, strict=False))
            return after * (life.dies - sum(on)) + sum(worthy)

        return median(map(weighted, self.lives))


def _left(life: Life) -> float:
    """Give the month at which a person leaves the last line: for supportive care, or dead."""
    return life.dies if life.supportive_from is None else life.supportive_from


def _line_at(life: Life, month: float) -> int | None:
    """Give the place of the line that a person is on, or after the progression of, at a month; None for another state."""
    if _left(life) <= month:
        return None
    return sum(leg.begins <= month for leg in life.legs) - 1
