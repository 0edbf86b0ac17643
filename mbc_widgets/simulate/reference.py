"""The same model one life at a time, with the standard library alone: what to read first, and what the fast kernel is held to.

Comes in: a `Course`, how many people, a seed. Goes out: a `Life` for each, in months. `kernel` draws other numbers for the same
model, so the two agree within their Monte-Carlo error and not life by life. NumPy is never imported.
"""

from dataclasses import dataclass
from math import exp, inf, log1p
from random import Random
from typing import NamedTuple

from mbc_widgets.simulate.course import NO_FRAILTY, Course, LineCourse, Selection
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


@dataclass(frozen=True, kw_only=True)
class Life:
    """One life: its lines, when supportive care began (None without it), the month and kind of death, its place in `Course.paths`."""

    legs: tuple[Leg, ...]
    supportive_from: float | None
    dies: float
    of_other_cause: bool
    frailty: float
    path: int


@dataclass(frozen=True, kw_only=True)
class _Person:
    """What a person keeps for life: the frailty, what it does to odds, the month of death from another cause, test results."""

    rng: Random
    frailty: float
    odds: float
    other_death: float
    markers: dict[str, float]


def lives_one_by_one(course: Course, size: int, seed: int) -> list[Life]:
    """Give `size` lives along `course`, in months.

    >>> from mbc_widgets.survival import from_median
    >>> course = Course(lines=(LineCourse(name="one", curve=from_median(10)),), frailty=0.5, support=from_median(3))
    >>> [round(life.dies) for life in lives_one_by_one(course, 3, seed=1)]
    [35, 3, 5]

    Raises:
        ValueError: nobody, or a negative seed.

    """
    if size < 1 or seed < 0:
        raise ValueError(f"size: at least 1 patient, seed: not negative; found {size} and {seed}")
    rng = Random(seed)  # noqa: S311 - a simulation
    return [_life(course, _person(course, rng)) for _ in range(size)]


def _person(course: Course, rng: Random) -> _Person:
    mean, variance = course.own_frailty
    frailty = mean if variance < NO_FRAILTY else rng.gammavariate(1 / variance, variance * mean)
    return _Person(
        rng=rng,
        frailty=frailty,
        odds=frailty**course.leaning,
        other_death=_other_death(course.other_deaths, rng),
        markers={name: rng.random() for turn in course.turns for name, _ in turn.results},
    )


def _path(course: Course, person: _Person) -> int:
    """Give the place of the person's course: which of the results they have."""
    held = (any(person.markers[name] < share for name, share in turn.results) for turn in course.turns)
    return sum(2**at for at, has in enumerate(held) if has)


def _other_death(yearly: tuple[float, ...], rng: Random) -> float:
    """Give the month of death by a life table: year after year, at any day of the year alike; nobody outlives its end."""
    if not yearly:
        return inf
    for year, chance in enumerate((*yearly, 1.0)):
        if rng.random() < chance:
            return YEAR * (year + rng.random())
    raise AssertionError  # a chance of 1 ends the table


def _life(course: Course, person: _Person) -> Life:
    """Give one life: line after line, until death, supportive care, or death from another cause between two lines."""
    path = _path(course, person)
    course = course.paths[path]
    legs: list[Leg] = []
    clock, going, supportive_from = 0.0, True, None
    for line, start in zip(course.lived, course.selection, strict=True):
        if not going or clock >= person.other_death:
            break
        leg, goes_on = _leg(line, start, clock, person)
        legs.append(leg)
        going = goes_on and len(legs) < len(course.lines)
        clock = leg.ends + line.beyond + line.gap
        if leg.end == PROGRESSION and not going:
            supportive_from = leg.ends + line.beyond
    dies = legs[-1].ends if legs[-1].end == DEATH_ON_LINE else person.other_death
    if supportive_from is not None and supportive_from < person.other_death:
        months = _event(course.care, course.cared_for, person)
        dies = min(supportive_from + months, person.other_death)
    else:
        supportive_from = None
    return Life(
        legs=tuple(legs),
        supportive_from=supportive_from,
        dies=dies,
        of_other_cause=dies >= person.other_death,
        frailty=person.frailty,
        path=path,
    )


def _leg(line: LineCourse, start: Selection, begins: float, person: _Person) -> tuple[Leg, bool]:
    """Give a line of a life that begins at a month, and whether the person would go on to another."""
    ends = begins + _event(line.curve, start, person)
    fate = _fate(line, start, person) if ends < person.other_death else OTHER_DEATH
    end = PROGRESSION if fate == NEXT_LINE else fate
    ends = min(ends, person.other_death)
    treated = min(ends + line.beyond, person.other_death) if end == PROGRESSION else ends
    stopped = begins + _toxicity(line, person)
    treated = stopped if stopped < ends else treated
    return Leg(begins=begins, ends=ends, treated_until=treated, end=end), fate == NEXT_LINE


def _event(curve: Curve, start: Selection, person: _Person) -> float:
    """Give the months to an event whose curve, over all who start with their frailties, is `curve`."""
    hazard = person.rng.expovariate(1.0)
    if start.variance >= NO_FRAILTY:
        hazard = log1p(start.variance * start.mean * hazard / person.frailty) / start.variance
    return float(curve.time_at(hazard))


def _fate(line: LineCourse, start: Selection, person: _Person) -> str:
    """Give what follows the end of a line: death on it, the next line, or (progression) supportive care."""
    if person.rng.random() < _chance(line.dies, start.dies, person.odds):
        return DEATH_ON_LINE
    on = _chance(line.goes_on, start.goes_on, 1 / person.odds)
    return NEXT_LINE if person.rng.random() < on else PROGRESSION


def _chance(share: float, log_odds: float | None, factor: float) -> float:
    """Give a person's chance: the odds of somebody of frailty 1 times a factor; a share of 0 or 1 is everybody's."""
    if log_odds is None:
        return share
    odds = exp(log_odds) * factor
    return odds / (1 + odds)


def _toxicity(line: LineCourse, person: _Person) -> float:
    """Give the months until the drug is left for toxicity, never where nobody does."""
    return person.rng.expovariate(1.0) * line.toxicity_months if line.stops else inf
