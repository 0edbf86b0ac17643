"""How sure: three layers kept apart. People differ (`outcomes`), parameters are known with error (here), structures differ (here).

Comes in: planned lines with their courses. Goes out: bands over parameter draws, and what may be said of two sequences. Two
sequences whose difference changes its sign within a band, or between structures, are "not distinguishable": that is a result.

A median is drawn on the log scale from its published interval (standard error = log(high / low) / 3.92), a share as a beta
variable from the numbers behind it, what earlier therapy costs and the hazard ratio of a patient from their intervals, deaths among
the lost and what leans on the frailty evenly over their ranges. Where nobody published an interval, the usual width of the others
stands for it (assumption). What a draw holds fixed: `FIXED`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from math import exp
from statistics import NormalDist
from typing import Any

from mbc_widgets.simulate.course import Course, LineCourse, altered
from mbc_widgets.simulate.engine import ENGINE
from mbc_widgets.simulate.exits import Exits
from mbc_widgets.simulate.prognosis import WIDTH, factor_at
from mbc_widgets.simulate.spread import quantile
from mbc_widgets.survival import Curve

FIXED = (
    "Held fixed in the draws: the shapes of curves, the months between lines, how many have a test result, how much"
    " earlier lines tell, deaths from other causes."
    " The draws are of the first structure; in a verdict each other structure moves them by as much as its own median differs."
)
STEPS = 5  # values of the frailty's variance over its range, each worked out once
DRAWS, PEOPLE = ENGINE.EFFORT.draws, ENGINE.EFFORT.drawn
LEAST_SHARE = 1e-3
AT_ONCE = 64  # draws between two words about how far it has come
MARGIN = 1.0  # months of median survival that nobody would feel: a smaller difference is none (judgement)
CHANCE = ENGINE.EFFORT.chance


@dataclass(frozen=True, kw_only=True)
class LineError:
    """How well a line is known: the errors of its median, of what earlier therapy costs it, and of how it ends.

    `log_median`, `log_cost`: standard errors of logs. `source`, `registry`, `cost` name whose error it is: lines of one source are
    wrong together. `exits`: how the line ends, before a patient's own outlook; None where that is certain. `people`: behind its share.
    """

    log_median: float
    source: str = ""
    exits: Exits | None = None
    registry: str = ""
    people: int = 1
    cost: str = ""
    log_cost: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Errors:
    """How well a course is known: its lines, ranges of what is assumed, and the error of the patient's hazard ratio.

    `turned`: the lines of `Course.turned`. `ratio`, `log_ratio`: of death against the cohorts, and its log's standard error.
    `leverage`: see prognosis.
    """

    lines: tuple[LineError, ...]
    frailty: tuple[float, float, float]  # low, fitted, high
    leaning: tuple[float, float]
    support: tuple[float, float]  # median months of supportive care
    turned: tuple[tuple[LineError, ...], ...] = ()
    lost_by_death: tuple[float, float] = (0.5, 0.8)
    death_on_line: tuple[float, float] = (0.02, 0.1)
    ratio: float = 1.0
    log_ratio: float = 0.0
    leverage: tuple[tuple[float, float], ...] = ()  # log ratio, log factor; without it the course's own factor


@dataclass(frozen=True, kw_only=True)
class Band:
    """What parameter draws give: one value per draw; `low`, `high` hold 95 in 100 of them."""

    draws: Sequence[float]

    @cached_property
    def _ordered(self) -> list[float]:
        return sorted(self.draws)

    @property
    def low(self) -> float:
        """Give the 2.5th centile."""
        return quantile(self._ordered, 0.025)

    @property
    def middle(self) -> float:
        """Give the median draw."""
        return quantile(self._ordered, 0.5)

    @property
    def high(self) -> float:
        """Give the 97.5th centile."""
        return quantile(self._ordered, 0.975)


@dataclass(frozen=True, kw_only=True)
class Draws:
    """The outcome of each parameter draw: median survival in months, and the percent alive at the months asked for (draws x months)."""

    median: Any  # one of the engine's groups of numbers
    months: tuple[float, ...]
    alive: Any

    def band(self) -> Band:
        """Give the band of the median survival."""
        return Band(draws=self.median)

    def joined(self, other: "Draws") -> "Draws":
        """Give these draws and those of `other`, which are of the same months."""
        return replace(
            self, median=ENGINE.joined(self.median, other.median), alive=ENGINE.joined(self.alive, other.alive)
        )

    def survival_rows(self) -> list[dict[str, Any]]:
        """Give {month, low, middle, high} in percent, pointwise."""
        bands = (Band(draws=alive) for alive in zip(*self.alive, strict=True))
        return [
            {"month": month, "low": round(band.low, 1), "middle": round(band.middle, 1), "high": round(band.high, 1)}
            for month, band in zip(self.months, bands, strict=True)
        ]


def courses(course: Course, errors: Errors, draws: int, seed: int) -> Iterator[Course]:
    """Give the course with parameters drawn anew.

    Draw i of a seed moves the same trial, the same registry and the same frailty alike in every course, and another trial by
    itself: two sequences share the errors of what they share, and no others.
    """
    common = _Common(course, errors, draws, seed)
    by_path = [
        _path_draws(path, lines, errors, common)
        for path, lines in zip(course.paths, (errors.lines, *errors.turned), strict=True)
    ]
    for own, *turned in zip(*by_path, strict=True):
        yield altered(own, turned=tuple(turned))


class _Common:
    """What one draw moves in all lines: of the frailty, of deaths, of supportive care and of the patient's hazard ratio."""

    def __init__(self, course: Course, errors: Errors, draws: int, seed: int) -> None:
        self.draws, self.seed = draws, seed
        noise = ENGINE.noise(seed, "frailty, leaning, supportive care, deaths")
        place, lean, care, death = (noise.uniform(draws) for _ in range(4))
        self.frailty = [
            (_stepped(_fitted_share(errors.frailty, f), errors.frailty[::2]), _stepped(x, errors.leaning))
            for f, x in zip(place, lean, strict=True)
        ]
        self.support = [errors.support[0] * (errors.support[1] / errors.support[0]) ** x for x in care]
        self.lost_by_death, self.death_on_line = (
            [low + (high - low) * x for x in death] for low, high in (errors.lost_by_death, errors.death_on_line)
        )
        ratios = (errors.ratio * exp(errors.log_ratio * x) for x in self.normal("hazard ratio"))
        self.factor = [factor_at(ratio, errors.leverage) if errors.leverage else course.factor for ratio in ratios]

    def normal(self, source: str) -> list[float]:
        """Give the error of a source in standard errors, draw by draw."""
        return ENGINE.noise(self.seed, source).normal(self.draws)

    def beta(self, registry: str, share: float, people: int) -> list[float]:
        """Give a share as often as it is drawn from the people behind it; what nobody or everybody does stays so."""
        if not 0 < share < 1:
            return [share] * self.draws
        noise = ENGINE.noise(self.seed, f"registry: {registry}")
        drawn = noise.beta(share * people, (1 - share) * people, self.draws)
        return [min(max(each, LEAST_SHARE), 1 - LEAST_SHARE) for each in drawn]


def _path_draws(course: Course, errors: tuple[LineError, ...], whole: Errors, common: _Common) -> Iterator[Course]:
    """Give one course with each draw of its parameters; who is selected is worked out once for each step of the frailty."""
    kept: dict[tuple[float, float], Course] = {}
    lines = [_moved(line, error, common) for line, error in zip(course.lines, errors, strict=True)]
    usual = (whole.support[0] * whole.support[1]) ** 0.5
    for at, steps in enumerate(common.frailty):
        if steps not in kept:
            kept[steps] = replace(course, frailty=steps[0], leaning=steps[1], turns=(), turned=())
        care = _moved_curve(course.support, common.support[at] / usual)
        moved = kept[steps].moved(tuple(line(at) for line in lines), care, common.factor[at])
        yield altered(moved, turns=course.turns)


def _fitted_share(interval: tuple[float, float, float], chance: float) -> float:
    """Give where in its 95 % interval a fitted value lies with this chance: half a normal curve on either side, cut at the ends."""
    low, fitted, high = interval
    errors = NormalDist().inv_cdf(min(max(chance, LEAST_SHARE), 1 - LEAST_SHARE)) * 2 / WIDTH
    value = fitted + errors * (high - fitted if errors > 0 else fitted - low)
    return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.0


def _stepped(share: float, ends: tuple[float, ...]) -> float:
    """Give the value at the step of a range that is nearest to a share of it."""
    return ends[0] + (ends[1] - ends[0]) * round(share * (STEPS - 1)) / (STEPS - 1)


def _moved_curve(curve: Curve, longer: float) -> Curve:
    """Give a curve stretched."""
    points = tuple((month * longer, share) for month, share in curve.points)
    return altered(curve, scale=curve.scale * longer, points=points)


def _moved(line: LineCourse, error: LineError, common: _Common) -> Callable[[int], LineCourse]:
    """Give what makes the line of a draw: its median by its own source, its shares by the registry that counted them."""
    errors = zip(common.normal(error.source), common.normal(f"cost: {error.cost}"), strict=True)
    medians = [exp(error.log_median * median) * exp(-error.log_cost * cost) for median, cost in errors]
    exits = error.exits
    if exits is None:
        return lambda at: altered(line, curve=_moved_curve(line.curve, medians[at]))
    next_line = common.beta(error.registry, exits.next_line, error.people)
    died = common.death_on_line if exits.of_progressed else common.lost_by_death

    def of_draw(at: int) -> LineCourse:
        dies, goes_on = replace(exits, next_line=next_line[at], died=died[at]).shares()
        return altered(line, curve=_moved_curve(line.curve, medians[at]), dies=dies, goes_on=goes_on)

    return of_draw


def parameter_draws(  # noqa: PLR0913 - each has its usual value
    course: Course,
    errors: Errors,
    months: Sequence[float],
    *,
    draws: int = DRAWS,
    people: int = PEOPLE,
    seed: int = 0,
    threads: int = 2,
    on_progress: Callable[[int, int], None] | None = None,
) -> Draws:
    """Give the outcome of each parameter draw over the same people; paired with any other course of this seed.

    `on_progress` hears (draws done, draws in all) on the way, as a progress bar does.

    Raises:
        ValueError: no draw or nobody.

    """
    if draws < 1:
        raise ValueError(f"draws: at least 1, found {draws}")
    found: Draws | None = None
    for found in draws_so_far(course, errors, months, draws=draws, people=people, seed=seed, threads=threads):
        if on_progress:
            on_progress(len(found.median), draws)
    assert found is not None  # noqa: S101 - there is at least one draw
    return found


def draws_so_far(  # noqa: PLR0913 - each has its usual value
    course: Course,
    errors: Errors,
    months: Sequence[float],
    *,
    draws: int = DRAWS,
    people: int = PEOPLE,
    seed: int = 0,
    threads: int = 1,
    at_once: int = AT_ONCE,
) -> Iterator[Draws]:
    """Give the draws that are worked out so far, after every `at_once`, so that whoever asks may stop; all of them at last."""
    drawn, found = courses(course, errors, draws, seed), None
    while listed := list(islice(drawn, at_once)):
        part = outcomes_of(listed, months, people, seed, threads=threads)
        found = found.joined(part) if found else part
        yield found


def outcomes_of(drawn: Sequence[Course], months: Sequence[float], people: int, seed: int, *, threads: int = 1) -> Draws:
    """Give the outcome of courses with drawn parameters: a part of all draws, or all of them."""
    median, alive = ENGINE.of_draws(drawn, months, people, seed, threads=threads)
    return Draws(median=median, months=tuple(months), alive=alive)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What may be said of two sequences: `longer` is "first", "second" or None for "not distinguishable", and why.

    `withheld`: nothing may be said of them at all.
    """

    longer: str | None
    difference: Band  # months of median survival, second minus first
    by_structure: dict[str, float]
    because: str
    withheld: bool = False


def compare(
    first: Draws, second: Draws, by_structure: dict[str, float], names: tuple[str, str] = ("the first", "the second")
) -> Verdict:
    """Say whether two sequences can be told apart: their paired difference must lie beyond a month, by all structures and draws.

    `by_structure`: difference of the median survival (second minus first) by each structure, in months. The draws are those of the
    first structure; each other one moves them by as much as its own difference is another, and all count alike.
    """
    own = next(iter(by_structure.values()), 0.0)
    apart = [two - one for one, two in zip(first.median, second.median, strict=True)]
    band = Band(draws=[each + (months - own) for months in by_structure.values() or (0.0,) for each in apart])
    if band.low <= MARGIN + CHANCE and band.high >= -MARGIN - CHANCE:
        disagree = len({months > 0 for months in by_structure.values() if months}) > 1
        because = f"{_apart(band, names)}{'; the structures disagree on which is longer' if disagree else ''}"
        return Verdict(longer=None, difference=band, by_structure=by_structure, because=because)
    longer = "second" if band.low > 0 else "first"
    low, high = sorted(round(abs(months)) for months in (band.low, band.high))
    by = f"by {low} to {high} months" if low < high else f"by about {high} month{'s' * (high != 1)}"
    because = f"{by} of median survival, if the assumptions hold: the model's figure, not a trial's"
    return Verdict(longer=longer, difference=band, by_structure=by_structure, because=because)


def _apart(band: Band, names: tuple[str, str]) -> str:
    """Tell a difference that is too small to matter apart from one that may be, and from one whose sign is not known."""
    low, high = _told(band.low), _told(band.high)
    if band.low >= -MARGIN and band.high <= MARGIN:
        return "the difference of the medians is under a month, too small to matter"
    if band.low < 0 < band.high:
        return f"the median is from {low} longer by {names[0]} to {high} longer by {names[1]}, so which is longer is not known"
    less, more, name = (low, high, names[1]) if band.high > MARGIN else (high, low, names[0])
    return f"the median is from {less} to {more} longer by {name}, perhaps too small to matter (under a month)"


def _told(months: float) -> str:
    """Give whole months without a sign; no digit tells how far below a month it is."""
    whole = round(abs(months))
    return "under a month" if abs(months) < MARGIN else f"{whole} month{'s' * (whole != 1)}"
