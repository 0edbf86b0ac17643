"""How much sooner or later a patient with known conditions dies than the cohorts that were fitted.

Comes in: the facts and the model. Goes out: one hazard ratio of death with what made it. How factors combine stands
among the assumptions of data/realworld/model.yaml: the strongest few, each raised to a power below 1, the whole within bounds.

Progression stays as fast as in the trial: what goes with a shorter survival makes death on a line, loss between lines and death after
the last line likelier, and a line shorter only by those who die on it. Most months of a life lie between progressions, so a ratio
of 1.5 put there would move survival by 1.2; `mbc calibrate` therefore works out how many times as large these hazards and odds
must be for the survival of a cohort to have the ratio (`Leverage`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import exp, fsum, log, sqrt

from mbc_widgets.conditions import holds
from mbc_widgets.facts import Facts
from mbc_widgets.records import Leverage, Model, Prognosis
from mbc_widgets.simulate.course import Course, LineCourse
from mbc_widgets.simulate.exits import EVERYBODY

WIDTH = 2 * 1.96  # of a 95 % interval, in standard errors


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A hazard ratio of death against the average of the cohorts, its log's standard error, the factors that this patient has."""

    ratio: float = 1.0
    log_error: float = 0.0
    factors: tuple[Prognosis, ...] = ()


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


def factor_of(ratio: float, leverage: Iterable[Leverage]) -> float:
    """Give what the hazards and odds of death are multiplied by for survival to have this ratio: read off on log scales."""
    known = sorted((log(each.ratio), log(each.factor)) for each in (*leverage, Leverage(ratio=1.0, factor=1.0)))
    at = log(ratio)
    place = min(max(bisect_left(known, (at, 0.0)), 1), len(known) - 1) if len(known) > 1 else 0
    if not place:
        return ratio
    (x0, y0), (x1, y1) = known[place - 1 : place + 1]
    return exp(y0 + (at - x0) / (x1 - x0) * (y1 - y0))


def with_factor(course: Course, factor: float) -> Course:
    """Give the course with the hazard of death on each line, the odds of loss after it, and the hazard after the last, times `factor`."""
    return replace(
        course,
        lines=tuple(line_with(line, factor) for line in course.lines),
        support=replace(course.support, power=course.support.power * factor),
        turned=tuple(with_factor(path, factor) for path in course.turned),
    )


def line_with(line: LineCourse, factor: float) -> LineCourse:
    """Give a line on which the hazard of death is `factor` times as large and that of progression as before."""
    curve = replace(line.curve, power=line.curve.power * (1 - line.dies + line.dies * factor))
    return replace(line, curve=curve, dies=odds(line.dies, factor), goes_on=odds(line.goes_on, 1 / factor))


def odds(share: float, ratio: float) -> float:
    """Give the share whose odds are `ratio` times as large."""
    return share * ratio / (1 - share + share * ratio)
