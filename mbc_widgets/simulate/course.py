"""A sequence as it is simulated: curves, shares and months of each line, and what a shared frailty does to them.

Pure Python: the values, the arithmetic of the frailty, and no random number. A patient keeps one frailty Z for life, gamma with
mean 1 and variance v at the start. Whoever lives and goes on has a lower Z than those who do not, so the people who start line
3 are no sample of those who started line 1; a trial in line 3 was run in such survivors and its curve holds for them. The
moments of Z at the start of each line are therefore worked out here (`Course.selection`), and each curve is taken as that of
the people who start the line. Line after line is then neither too long (survivors counted twice) nor too short.

A test result may open another path: a `Turn` says who has it, and the course of those people is written out whole, so that
whoever turns off pays for what they had and for nothing else.

Two things set people apart from those whose figures the lines have, and change neither these figures nor who is selected by them:
conditions that make death likelier (`factor`), and how long their earlier lines held (`past`), which tells of their frailty.

Sources of the form: semi-Markov simulation of patients, NICE Decision Support Unit document 15; gamma frailty in closed form,
Vaupel 1979 (doi 10.2307/2061224, recalled).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp, fsum, inf, lgamma, log
from typing import Any, TypeVar

from mbc_widgets.survival import LN2, Curve

T = TypeVar("T")
MOST_LINES = 6
MOST_TURNS = 3  # every set of results has a course of its own: eight of them
NO_FRAILTY = 1e-4  # below this variance everybody is taken as alike
_POINTS = 121  # of ln Z, from far below to far above any Z that matters
_LOWEST, _HIGHEST = -9.0, 4.0
_STRIDE = 1.0  # of log odds at once, so that a flat start is not overshot
_NEAR = 1e-9  # of a share that an intercept is solved for
MOST_CARE = 2.0  # the hazard after the last line is at most this many times as large or small: weeks would become days (judgement)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Results of tests that open another path: (name, share of people who have it), any of them is enough.

    Who has a result at an earlier line has it later: one number of a patient decides over each name.
    """

    results: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True)
class LineCourse:
    """What is assumed of one line. Shares are of all who come that far, from 0 to 1; months are those of everybody.

    `dies`: of those whose line ends, by death on it. `stops`: leave the drug for toxicity before progression. `beyond`: months
    on the drug after progression. `gap`: months without a drug before the next line. `goes_on`: of those alive after
    progression, start the next line.
    """

    name: str
    curve: Curve
    dies: float = 0.0
    stops: float = 0.0
    beyond: float = 0.0
    gap: float = 0.0
    goes_on: float = 1.0

    @property
    def toxicity_months(self) -> float:
        """Give the mean months until the drug is left for toxicity, were there no progression: two constant hazards race."""
        return self.curve.median() / LN2 * (1 - self.stops) / self.stops if self.stops else inf


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The frailty of the people who start a line or care (mean, variance over mean squared), and how their odds of a fate begin.

    `dies`, `goes_on`: log odds for a patient with Z = 1; None for a share of 0 or 1, on which no frailty acts.
    """

    mean: float
    variance: float
    dies: float | None = None
    goes_on: float | None = None


@dataclass(frozen=True, kw_only=True)
class Past:
    """An earlier line: the share of people who start such a line and are longer without progression, and whether it ended in one.

    `weight`: how much it tells of those to come, against the last line.
    """

    longer: float
    progressed: bool
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Course:
    """A sequence with the frailty, supportive care, and the yearly chances of death from another cause.

    `frailty`: variance v of Z. `leaning`: the log odds of death on a line rise, those of a next line fall, by this times ln Z.
    `other_deaths`: chance of death in the next year, year by year from the age of the patient (a life table); () for none.
    `turned`: the courses of those who have results; the place of one is the sum of 2 ** i over the `turns` i that they take,
    less one. All start the same first line together.
    `factor`: how many times as large, for these people, are the hazard of death on a line, the odds of death on it and of loss after
    it, and (within `MOST_CARE`) the hazard after the last; progression is as fast as ever. `past`: their earlier lines.
    """

    lines: tuple[LineCourse, ...]
    frailty: float
    support: Curve
    leaning: float = 0.0
    other_deaths: tuple[float, ...] = ()
    factor: float = 1.0
    past: tuple[Past, ...] = ()
    turns: tuple[Turn, ...] = ()
    turned: tuple["Course", ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.lines) <= MOST_LINES:
            raise ValueError(f"lines: found {len(self.lines)}; a course has 1 to {MOST_LINES}")
        if len(self.turns) > MOST_TURNS or len(self.turned) != 2 ** len(self.turns) - 1:
            raise ValueError(
                f"turns: found {len(self.turns)} with {len(self.turned)} courses; at most {MOST_TURNS}, a course for each set"
            )
        for number, line in enumerate(self.lines, start=1):
            shares = {name: getattr(line, name) for name in ("dies", "stops", "goes_on")}
            wrong = {name: share for name, share in shares.items() if not 0 <= share <= 1}
            if wrong or line.beyond < 0 or line.gap < 0:
                raise ValueError(f"line {number}: shares are 0 to 1, months not negative; {line}")

    @property
    def paths(self) -> tuple["Course", ...]:
        """Give the course of those without any of the results, then those of each set of results."""
        return (self, *self.turned)

    @property
    def own_frailty(self) -> tuple[float, float]:
        """Give the mean of Z among these people as their first line starts, and its variance over the mean squared.

        Each earlier line has told something of Z; with weights of 1 the means average to 1 over all who come so far.
        """
        if self.frailty < NO_FRAILTY:
            return 1.0, 0.0
        # the shape of the gamma grows by each progression, its rate by the hazard at Z = 1 that was survived
        progressions = fsum(each.weight * each.progressed for each in self.past)
        hazards = fsum(each.weight * (each.longer**-self.frailty - 1) / self.frailty for each in self.past)
        shape = 1 / self.frailty + progressions
        return shape / (1 / self.frailty + hazards), 1 / shape

    @cached_property
    def lived(self) -> tuple[LineCourse, ...]:
        """Give the lines as these people live them."""
        return self.lines if self.factor == 1 else tuple(line_with(line, self.factor) for line in self.lines)

    @cached_property
    def care(self) -> Curve:
        """Give the survival of these people after their last line."""
        return care_with(self.support, self.factor)

    @cached_property
    def selection(self) -> tuple[Selection, ...]:
        """Give, line by line, who starts it of those whose figures it has, and how the fates of these people lean on the frailty."""
        move = log(self.factor)
        return tuple(_shifted(start, move, -move) for start in self._selected[0])

    @cached_property
    def cared_for(self) -> Selection:
        """Give who comes to supportive care, after whichever line."""
        return self._selected[1]

    @property
    def _selected(self) -> tuple[tuple[Selection, ...], Selection]:
        shares = tuple((line.dies, line.goes_on) for line in self.lines)
        return _selection(round(self.frailty, 6), round(self.leaning, 6), shares)

    def moved(self, lines: tuple[LineCourse, ...], support: Curve, factor: float) -> "Course":
        """Give the course with other figures; who is selected by them is not worked out anew, as moved shares select nearly alike."""
        fates = zip(self.selection, self.lines, lines, strict=True)
        move = log(factor / self.factor)
        selection = tuple(
            _shifted(s, _apart(old.dies, new.dies) + move, _apart(old.goes_on, new.goes_on) - move)
            for s, old, new in fates
        )
        lived = lines if factor == 1 else tuple(line_with(line, factor) for line in lines)
        return altered(
            self,
            lines=lines,
            lived=lived,
            support=support,
            care=care_with(support, factor),
            factor=factor,
            selection=selection,
            cared_for=self.cared_for,
        )


def altered(value: T, **changes: Any) -> T:
    """Give a frozen value with changes that need no check: `dataclasses.replace` would be half the time of short draws."""
    made = object.__new__(type(value))
    made.__dict__.update(value.__dict__, **changes)
    return made


def line_with(line: LineCourse, factor: float) -> LineCourse:
    """Give a line on which the hazard of death is `factor` times as large and that of progression as before."""
    curve = altered(line.curve, power=line.curve.power * (1 - line.dies + line.dies * factor))
    return altered(line, curve=curve, dies=odds(line.dies, factor), goes_on=odds(line.goes_on, 1 / factor))


def care_with(support: Curve, factor: float) -> Curve:
    """Give the survival after the last line with the hazard `factor` times as large, within bounds."""
    return altered(support, power=support.power * min(max(factor, 1 / MOST_CARE), MOST_CARE))


def odds(share: float, ratio: float) -> float:
    """Give the share whose odds are `ratio` times as large."""
    return share * ratio / (1 - share + share * ratio)


def _apart(old: float, new: float) -> float:
    """Give by how much the log odds of a share were moved; 0 for what nobody or everybody does."""
    if old == new or not (0 < old < 1 and 0 < new < 1):
        return 0.0
    return log(new / (1 - new)) - log(old / (1 - old))


def _shifted(start: Selection, dies: float, goes_on: float) -> Selection:
    """Give the same people with their log odds of death and of a next line moved."""
    if not dies and not goes_on:
        return start
    return altered(
        start,
        dies=None if start.dies is None else start.dies + dies,
        goes_on=None if start.goes_on is None else start.goes_on + goes_on,
    )


@lru_cache(maxsize=512)
def _selection(
    variance: float, leaning: float, shares: tuple[tuple[float, float], ...]
) -> tuple[tuple[Selection, ...], Selection]:
    if variance < NO_FRAILTY:
        alike = tuple(Selection(mean=1.0, variance=0.0, dies=_log_odds(d), goes_on=_log_odds(g)) for d, g in shares)
        return alike, Selection(mean=1.0, variance=0.0)
    logs, weights = gamma_points(variance)
    worse, better = [leaning * x for x in logs], [-leaning * x for x in logs]
    cared = [0.0] * len(logs)
    found = []
    for number, (dies, goes_on) in enumerate(shares, start=1):
        mean, spread = _moments(logs, weights)
        of_death = _intercept(dies, worse, weights)
        alive = [w * (1 - _share(dies, of_death, x)) for x, w in zip(worse, weights, strict=True)]
        of_next = _intercept(goes_on, better, alive)
        found.append(Selection(mean=mean, variance=spread, dies=of_death, goes_on=of_next))
        weights = [w * _share(goes_on, of_next, x) for x, w in zip(better, alive, strict=True)]
        lost = alive if number == len(shares) else [a - w for a, w in zip(alive, weights, strict=True)]
        cared = [c + x for c, x in zip(cared, lost, strict=True)]
        if not sum(weights):
            weights = [1e-12] * len(logs)  # nobody goes on, so that nothing is read from what follows
    mean, spread = _moments(logs, cared if sum(cared) else weights)
    return tuple(found), Selection(mean=mean, variance=spread)


def _moments(logs: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Give the mean of Z and its variance over the mean squared, over people of these weights."""
    total = fsum(weights)
    mean = fsum(w * exp(x) for x, w in zip(logs, weights, strict=True)) / total
    square = fsum(w * exp(2 * x) for x, w in zip(logs, weights, strict=True)) / total
    return mean, square / mean**2 - 1


def gamma_points(variance: float) -> tuple[list[float], list[float]]:
    """Give ln Z at even steps and the weight of each, for a gamma with mean 1 and this variance; the weights sum to 1."""
    shape, step = 1 / variance, (_HIGHEST - _LOWEST) / (_POINTS - 1)
    logs = [_LOWEST + step * at for at in range(_POINTS)]
    weights = [exp(shape * (x - exp(x) + log(shape)) - lgamma(shape)) for x in logs]
    total = fsum(weights)
    return logs, [weight / total for weight in weights]


def _log_odds(share: float) -> float | None:
    return log(share / (1 - share)) if _NEAR < share < 1 - _NEAR else None


def _share(share: float, intercept: float | None, moved: float) -> float:
    """Give the share of people whose log odds lie `moved` from the intercept."""
    return share if intercept is None else 1 / (1 + exp(-intercept - moved))


def _intercept(share: float, moved: Sequence[float], weights: Sequence[float]) -> float | None:
    """Give the log odds at Z = 1 that make `share` the mean over all people (Newton's method); None for 0 and 1."""
    at, total = _log_odds(share), fsum(weights)
    if at is None:
        return None
    for _ in range(50):
        shares = [_share(share, at, x) for x in moved]
        missing = share - fsum(w * s for w, s in zip(weights, shares, strict=True)) / total
        if abs(missing) < _NEAR:
            break
        slope = fsum(w * s * (1 - s) for w, s in zip(weights, shares, strict=True)) / total
        at += max(-_STRIDE, min(_STRIDE, missing / max(slope, _NEAR)))
    return at
