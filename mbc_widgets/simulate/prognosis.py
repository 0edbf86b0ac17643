"""How much sooner or later a patient with known conditions dies than the cohorts that were fitted.

Comes in: the facts and the model. Goes out: one hazard ratio of death with what made it. It moves death on a line, loss between
lines and survival after the last line; curves of progression stay those of the trial, as factors of survival are none of
progression. Rules of the combination: at most four factors, each raised to 0.7, the whole between 0.4 and 3 (assumptions, told).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log

from mbc_widgets.conditions import holds
from mbc_widgets.facts import Facts
from mbc_widgets.records import Model, Prognosis
from mbc_widgets.simulate.course import Course

MOST_FACTORS = 4
SHRUNK = 0.7  # from other cohorts, other adjustments
LEAST, MOST = 0.4, 3.0
EVERYBODY = 100


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A hazard ratio of death against the average of the cohorts, and the factors that this patient has."""

    ratio: float = 1.0
    factors: tuple[Prognosis, ...] = ()


def outlook(facts: Facts, model: Model) -> Outlook:
    """Give how a patient's known conditions move death and loss; what is not known counts as the average."""
    return combined(model, {factor.id: holds(factor.when, facts.values) for factor in model.prognosis})


def combined(model: Model, answers: Mapping[str, bool | None]) -> Outlook:
    """Give the outlook of people of whom these conditions are known: by id, True, False, or None for not known."""
    known = [factor for factor in model.prognosis if answers.get(factor.id) is not None]
    strongest = sorted(known, key=lambda factor: -abs(log(factor.hazard_ratio)))[:MOST_FACTORS]
    ratio = 1.0
    for factor in strongest:
        shrunk = factor.hazard_ratio**SHRUNK
        average = 1 + factor.percent / EVERYBODY * (shrunk - 1)
        ratio *= (shrunk if answers[factor.id] else 1.0) / average
    return Outlook(ratio=min(MOST, max(LEAST, ratio)), factors=tuple(f for f in strongest if answers[f.id]))


def withheld(facts: Facts, model: Model) -> str:
    """Say why nothing is simulated for a patient: no cohort behind the fit holds such people; "" where nothing speaks against it."""
    found = [each.text for each in model.unlike if holds(each.when, facts.values) is True]
    if not found:
        return ""
    return f"Not simulated: {', and '.join(found)}. The cohorts behind the simulation hold hardly any such patients, and they live shorter than it would say."


def with_ratio(course: Course, ratio: float) -> Course:
    """Give the course with the odds of death on each line and of loss after it, and the hazard after the last, times `ratio`."""
    lines = tuple(
        replace(line, dies=_odds(line.dies, ratio), goes_on=_odds(line.goes_on, 1 / ratio)) for line in course.lines
    )
    return replace(course, lines=lines, support=course.support.with_hazard_ratio(ratio))


def _odds(share: float, ratio: float) -> float:
    return share * ratio / (1 - share + share * ratio)
