"""The same model one life at a time, with the standard library alone: what to read first, and what the fast kernel is held to.

Comes in: a `Course`, how many people, a seed. Goes out: a `Life` for each, in months. `kernel` draws other numbers for the same
model, so the two agree within their Monte-Carlo error and not life by life. NumPy is never imported. Two courses of the same seed
are lived by the same people with the same `Luck`, as in the kernel, so that they differ by what they do.
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from math import exp, inf, log, log1p
from operator import mul
from random import Random
from typing import NamedTuple

from mbc_widgets.simulate.course import MOST_LINES, NO_FRAILTY, Course, LineCourse, Selection, Turn
from mbc_widgets.survival import Curve

PROGRESSION, DEATH_ON_LINE, OTHER_DEATH = "progression", "death on line", "other death"
NEXT_LINE = "next line"
YEAR = 12.0


class Leg(NamedTuple):
    """One line of one life: months from the start of the first line."""

    begins: float
    ends: float
    treated_until: float
    end: str


class Life(NamedTuple):
    """One life: its lines, when supportive care began (None without it), the month and kind of death, its place in `Course.paths`."""

    legs: tuple[Leg, ...]
    supportive_from: float | None
    dies: float
    of_other_cause: bool
    frailty: float
    path: int


class Luck(NamedTuple):
    """The random numbers of one person, the same along every course: from 0 to 1, or exponential with mean 1; by line or for life."""

    time: tuple[float, ...]  # exponential
    death: tuple[float, ...]
    next_line: tuple[float, ...]
    toxicity: tuple[float, ...]  # exponential
    care: float  # exponential
    frailty: float
    other_death: float


class _Person(NamedTuple):
    """What a person keeps for life: their luck, the frailty, what it does to odds, the month of death from another cause."""

    luck: Luck
    frailty: float
    odds: float
    other_death: float


class _Stage(NamedTuple):
    """One line as it is lived, who starts it, and the mean months until its drug is left for toxicity; what all have alike."""

    line: LineCourse
    start: Selection
    toxicity_months: float


class _Path(NamedTuple):
    """The course of those with the same results: its lines, then supportive care and who comes to it."""

    stages: tuple[_Stage, ...]
    care: Curve
    cared_for: Selection

    @classmethod
    def of(cls, course: Course) -> "_Path":
        stages = tuple(map(_Stage, course.lived, course.selection, (line.toxicity_months for line in course.lived)))
        return cls(stages, course.care, course.cared_for)


def lives_one_by_one(course: Course, size: int, seed: int) -> list[Life]:
    """Give `size` lives along `course`, in months; another course of this seed is lived by the same people.

    >>> from mbc_widgets.survival import from_median
    >>> course = Course(lines=(LineCourse(name="one", curve=from_median(10)),), frailty=0.5, support=from_median(3))
    >>> [round(life.dies) for life in lives_one_by_one(course, 3, seed=1)]
    [10, 6, 8]

    Raises:
        ValueError: nobody, or a negative seed.

    """
    if size < 1 or seed < 0:
        raise ValueError(f"size: at least 1 patient, seed: not negative; found {size} and {seed}")
    paths = [_Path.of(path) for path in course.paths]
    return [_life(paths[path], person, path) for person, path in _people(course, size, seed)]


def _people(course: Course, size: int, seed: int) -> Iterator[tuple[_Person, int]]:
    """Give each person with the place of their course: which of the results they have."""
    lucky, turned = same_people(seed, size), paths_taken(seed, size, course.turns)
    frailties, leaning = _frailties(seed, size, *course.own_frailty), course.leaning
    table = _dead_by(course.other_deaths)
    for luck, frailty, path in zip(lucky, frailties, turned, strict=True):
        yield _Person(luck, frailty, frailty**leaning, _other_death(table, luck.other_death)), path


@lru_cache(maxsize=4)
def same_people(seed: int, size: int) -> tuple[Luck, ...]:
    """Give the luck of so many people, for whom it is drawn one after the other."""
    rng = Random(seed)  # noqa: S311 - a simulation
    return tuple(_luck(rng) for _ in range(size))


def _luck(rng: Random) -> Luck:
    uniform = [rng.random() for _ in range(4 * MOST_LINES + 3)]
    time, death, next_line, toxicity = (tuple(uniform[at * MOST_LINES : (at + 1) * MOST_LINES]) for at in range(4))
    care, frailty, other_death = uniform[-3:]
    return Luck(
        time=tuple(-log(1 - share) for share in time),
        death=death,
        next_line=next_line,
        toxicity=tuple(-log(1 - share) for share in toxicity),
        care=-log(1 - care),
        frailty=frailty,
        other_death=other_death,
    )


@lru_cache(maxsize=16)
def _frailties(seed: int, size: int, mean: float, variance: float) -> tuple[float, ...]:
    """Give the frailty of each person: whoever has the n-th of these numbers of luck has the n-th of so many gamma variables.

    So the same people are frail whatever the variance is.
    """
    if variance < NO_FRAILTY:
        return (mean,) * size
    rng = Random(f"{seed} frailty")  # noqa: S311 - a simulation
    drawn = sorted(rng.gammavariate(1 / variance, variance * mean) for _ in range(size))
    luck = [person.frailty for person in same_people(seed, size)]
    found = [0.0] * size
    for frailty, at in zip(drawn, sorted(range(size), key=luck.__getitem__), strict=True):
        found[at] = frailty
    return tuple(found)


@lru_cache(maxsize=16)
def paths_taken(seed: int, size: int, turns: tuple[Turn, ...]) -> tuple[int, ...]:
    """Give the place of each person's course in `Course.paths`, by the results they have."""
    names = {name for turn in turns for name, _ in turn.results}
    streams = {name: Random(f"{seed} {name}") for name in names}  # noqa: S311 - a simulation
    markers = {name: [stream.random() for _ in range(size)] for name, stream in streams.items()}
    return tuple(
        sum(2**at for at, turn in enumerate(turns) if any(markers[name][who] < share for name, share in turn.results))
        for who in range(size)
    )


@lru_cache(maxsize=16)
def _dead_by(yearly: tuple[float, ...]) -> tuple[float, ...]:
    """Give the share that a life table has dead by the end of each year; nobody outlives its end. Nothing where it tells none."""
    return tuple(1 - alive for alive in accumulate((1 - chance for chance in (*yearly, 1.0)), mul)) if yearly else ()


def _other_death(dead_by: tuple[float, ...], luck: float) -> float:
    """Give the month of death by a life table, at any day of the year alike."""
    if not dead_by:
        return inf
    year = bisect_right(dead_by, luck)
    before = dead_by[year - 1] if year else 0.0
    return YEAR * (year + (luck - before) / (dead_by[year] - before))


def _life(path: _Path, person: _Person, place: int) -> Life:
    """Give one life: line after line, until death, supportive care, or death from another cause between two lines."""
    legs: list[Leg] = []
    clock, going, supportive_from = 0.0, True, None
    for at, stage in enumerate(path.stages):
        if not going or clock >= person.other_death:
            break
        leg, goes_on = _leg(stage, clock, person, at)
        legs.append(leg)
        going = goes_on and len(legs) < len(path.stages)
        clock = leg.ends + stage.line.beyond + stage.line.gap
        if leg.end == PROGRESSION and not going:
            supportive_from = leg.ends + stage.line.beyond
    dies = legs[-1].ends if legs[-1].end == DEATH_ON_LINE else person.other_death
    if supportive_from is not None and supportive_from < person.other_death:
        months = _event(path.care, path.cared_for, person.luck.care, person)
        dies = min(supportive_from + months, person.other_death)
    else:
        supportive_from = None
    return Life(
        legs=tuple(legs),
        supportive_from=supportive_from,
        dies=dies,
        of_other_cause=dies >= person.other_death,
        frailty=person.frailty,
        path=place,
    )


def _leg(stage: _Stage, begins: float, person: _Person, at: int) -> tuple[Leg, bool]:
    """Give the line at a place of a life, which begins at a month, and whether the person would go on to another."""
    line, start, toxicity_months = stage
    ends = begins + _event(line.curve, start, person.luck.time[at], person)
    fate = _fate(line, start, person, at) if ends < person.other_death else OTHER_DEATH
    end = PROGRESSION if fate == NEXT_LINE else fate
    ends = min(ends, person.other_death)
    treated = min(ends + line.beyond, person.other_death) if end == PROGRESSION else ends
    stopped = begins + person.luck.toxicity[at] * toxicity_months
    treated = stopped if stopped < ends else treated
    return Leg(begins, ends, treated, end), fate == NEXT_LINE


def _event(curve: Curve, start: Selection, hazard: float, person: _Person) -> float:
    """Give the months to an event whose curve, over all who start with their frailties, is `curve`; by an exponential number."""
    if start.variance >= NO_FRAILTY:
        hazard = log1p(start.variance * start.mean * hazard / person.frailty) / start.variance
    return float(curve.time_at(hazard))


def _fate(line: LineCourse, start: Selection, person: _Person, at: int) -> str:
    """Give what follows the end of a line: death on it, the next line, or (progression) supportive care."""
    if person.luck.death[at] < _chance(line.dies, start.dies, person.odds):
        return DEATH_ON_LINE
    on = _chance(line.goes_on, start.goes_on, 1 / person.odds)
    return NEXT_LINE if person.luck.next_line[at] < on else PROGRESSION


def _chance(share: float, log_odds: float | None, factor: float) -> float:
    """Give a person's chance: the odds of somebody of frailty 1 times a factor; a share of 0 or 1 is everybody's."""
    if log_odds is None:
        return share
    odds = exp(log_odds) * factor
    return odds / (1 + odds)
