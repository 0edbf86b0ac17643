"""How much sooner or later a patient with known conditions dies than the cohorts that were fitted.

Comes in: the facts and the model. Goes out: one hazard ratio of death with what made it. How factors combine stands
among the assumptions of data/realworld/model.yaml: the strongest few, each raised to a power below 1, the whole within bounds.

What goes with a shorter survival makes death on a line, loss between lines and death after the last line likelier (`Course.factor`) and
leaves progression as it is. Most months of a life lie between progressions, so that a factor of 1.5 moves survival by 1.2. By which
factor survival has the ratio is worked out on everyday care from the line that comes next, in the same people with and without it
(`leverage`), and is one for all plans of a patient: nobody dies sooner on a drug because another drug is planned after it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, fsum, log, sqrt

from mbc_widgets.conditions import holds
from mbc_widgets.facts import Facts
from mbc_widgets.records import Model, Prognosis
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.engine import ENGINE
from mbc_widgets.simulate.exits import EVERYBODY

WIDTH = 2 * 1.96  # of a 95 % interval, in standard errors
PEOPLE, SEED = ENGINE.EFFORT.levered, 2012  # in whom a factor is worked out
FARTHEST = log(4)  # of a factor; where survival has not the ratio by then, it does not get it (judgement)
NEAR = 0.01  # of the log of a ratio
LEAST, USUAL_POWER = (
    0.05,
    2.0,
)  # a ratio whose log is less moves no median by a month: its factor is taken as this power
STEPS = 5


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A hazard ratio of death against the average of the cohorts, its log's standard error, the factors that this patient has."""

    ratio: float = 1.0
    log_error: float = 0.0
    factors: tuple[Prognosis, ...] = ()

    @property
    def said(self) -> str:
        """Say the ratio and what made it; nothing where nothing acts."""
        if self.ratio == 1:
            return ""
        why = "; ".join(factor.text.split(":")[0] for factor in self.factors) or "no known condition makes it higher"
        return (
            f"Hazard ratio of death against the cohorts as a whole: {self.ratio:.2f} ({why}). It makes death on a line and loss after it"
            " likelier and leaves progression as it is."
        )


def outlook(facts: Facts, model: Model) -> Outlook:
    """Give how a patient's known conditions move death and loss; what is not known counts as the average."""
    return combined(model, {factor.id: holds(factor.when, facts.values) for factor in model.prognosis})


def combined(model: Model, answers: Mapping[str, bool | None]) -> Outlook:
    """Give the outlook of people of whom these conditions are known: by id, True, False, or None for not known."""
    most, power, bounds = (model.assumptions[name] for name in ("most_factors", "shrunk_to", "outlook"))
    known = [factor for factor in model.prognosis if answers.get(factor.id) is not None]
    strongest = sorted(known, key=lambda factor: -abs(log(factor.hazard_ratio)))[: int(most.value)]
    ratio = 1.0
    for factor in strongest:
        shrunk = factor.hazard_ratio**power.value
        average = 1 + factor.percent / EVERYBODY * (shrunk - 1)
        ratio *= (shrunk if answers[factor.id] else 1.0) / average
    held = tuple(factor for factor in strongest if answers[factor.id])
    error = power.value * sqrt(fsum((log(factor.high / factor.low) / WIDTH) ** 2 for factor in held))
    return Outlook(ratio=min(bounds.high or ratio, max(bounds.low or ratio, ratio)), log_error=error, factors=held)


def withheld(facts: Facts, model: Model) -> str:
    """Say why nothing is simulated for a patient: no cohort behind the fit holds such people; "" where nothing speaks against it."""
    found = [each.text for each in model.unlike if holds(each.when, facts.values) is True]
    if not found:
        return ""
    return f"Not simulated: {', and '.join(found)}. The cohorts behind the simulation hold hardly any such patients, and they live shorter than it would say."


def remarks(facts: Facts, model: Model) -> tuple[str, ...]:
    """Give what the simulation leaves out for such a patient."""
    return tuple(each.text for each in model.remarks if holds(each.when, facts.values) is True)


def with_factor(course: Course, factor: float) -> Course:
    """Give the course of people whose death and loss are `factor` times as likely (`Course.factor`)."""
    return replace(course, factor=factor, turned=tuple(replace(path, factor=factor) for path in course.turned))


def leverage(course: Course, ratios: Iterable[float]) -> tuple[tuple[float, float], ...]:
    """Give (log of ratio, log of factor) for each ratio that the survival of these people should have, in ascending order, and for 1.

    Where no factor within bounds gives it, the nearest one stands.
    """
    usual = ENGINE.survival_times(course, PEOPLE, SEED)

    def reached(power: float) -> float:
        return log(ENGINE.hazard_ratio(ENGINE.survival_times(with_factor(course, exp(power)), PEOPLE, SEED), usual))

    found = {0.0: 0.0}
    for target in map(log, ratios):
        found[target] = target * USUAL_POWER if abs(target) < LEAST else _where(reached, target)
    return tuple(sorted(found.items()))


def factor_at(ratio: float, known: Sequence[tuple[float, float]]) -> float:
    """Give the factor of a ratio between known ones; beyond them that of the last."""
    ratios, factors = zip(*known, strict=True)
    return exp(_between(log(ratio), ratios, factors))


def realised(course: Course) -> float:
    """Give the hazard ratio that survival has along a course against the same people without its factor."""
    return ENGINE.hazard_ratio(
        *(ENGINE.survival_times(each, PEOPLE, SEED) for each in (course, with_factor(course, 1.0)))
    )


def _between(at: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Give the value at a place of straight lines through known points, in ascending order; beyond them that of the last."""
    place = bisect_left(xs, at)
    if place == len(xs):
        return ys[-1]
    if place == 0 or xs[place] == at:
        return ys[place]
    (x0, x1), (y0, y1) = xs[place - 1 : place + 1], ys[place - 1 : place + 1]
    return y0 + (y1 - y0) / (x1 - x0) * (at - x0)


def _where(reached: Callable[[float], float], target: float) -> float:
    """Give where a rising function through (0, 0) has a value, within `FARTHEST`: by secants."""
    (x0, y0), x = (0.0, 0.0), 1.5 * target
    for _ in range(STEPS):
        y = reached(x)
        if abs(y - target) < NEAR or y == y0:
            break
        following = max(-FARTHEST, min(FARTHEST, x + (target - y) * (x - x0) / (y - y0)))
        if following == x:
            break
        (x0, y0), x = (x, y), following
    return x
