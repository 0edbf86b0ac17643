"""Fit the months between lines, and the frailty, to published figures of cohorts; tell what is met, missed and not identifiable.

Comes in: the knowledge. Goes out: a `Calibration`, which `mbc calibrate` freezes in data/realworld/calibration.yaml. Same seed and
same random numbers in every step, so the fit is the same on every machine that has the same NumPy.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from json import dumps
from math import log

import numpy as np

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import CohortFigure, Fit, FitCheck, Model
from mbc_widgets.simulate.build import everyday_course, shares
from mbc_widgets.simulate.course import Course, LineCourse
from mbc_widgets.simulate.exits import EVERYBODY
from mbc_widgets.simulate.kernel import DIED_ON_LINE, Lives, simulate, survival_times
from mbc_widgets.simulate.prognosis import WIDTH
from mbc_widgets.survival import from_median, through

SUBTYPES = ("hr_positive", "triple_negative")
SIZE, SEED = 100_000, 2012
BENEFIT_MONTHS = 6.0
MOST_MONTHS = 24.0  # between two lines
SURVIVAL = {"hr_positive": "esme-hr-os", "triple_negative": "esme-tn-os"}
ON_TREATMENT = {"hr_positive": "uppsala-on-treatment", "triple_negative": "uppsala-on-treatment-tn"}
LATE = {  # survival from a later line, never fitted: (subtype, line from which it is taken to count: ours)
    "concertai-os": ("hr_positive", 3),
    "snds-sg-hr-os": ("hr_positive", 5),
    "snds-sg-tn-os": ("triple_negative", 3),
    "us-tn-os": ("triple_negative", 1),
}
NEXT = "imcore-gap"  # the time to the next treatment against the time to progression, in the same patients
ODDS, DEATHS, LINES = "udine-benefit-or", "uppsala-died-on", "uppsala-lines"


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What was fitted: the variance of the frailty with its range, months between lines, and every target with its fit."""

    frailty: tuple[float, float, float]  # value, low, high
    fits: tuple[Fit, ...]
    checks: tuple[FitCheck, ...]


def calibrate(known: Knowledge, *, size: int = SIZE, seed: int = SEED) -> Calibration:
    """Give the fit of every structure and subtype. Months; about a minute."""
    model = known.model
    odds = model.figures[ODDS]
    if odds.low is None or odds.high is None:
        raise ValueError(f"{ODDS}: the fit of the frailty needs the interval of the odds ratio")
    value, high, low = (round(_frailty(model, target, size, seed), 2) for target in (odds.value, odds.low, odds.high))
    assumption = replace(model.assumptions["frailty_variance"], value=value, low=low, high=high)
    model = replace(model, assumptions={**model.assumptions, assumption.id: assumption})
    known = replace(known, model=model)
    fits = [_fit(known, name, subtype, size, seed) for name in model.structures for subtype in SUBTYPES]
    checks = [check for fit in fits for check in _checks(known, fit, size, seed)]
    checks.append(_check(model, "all", odds, benefit_odds(_series(model, value, size, seed)), "fitted"))
    return Calibration(frailty=(value, low, high), fits=tuple(fits), checks=tuple(checks))


def time_on_treatment(lives: Lives) -> float:
    """Give the percent of all months alive that are spent on a drug."""
    return float(EVERYBODY * np.nansum(lives.treated_until - lives.begins) / lives.dies.sum(dtype=float))


def deaths_on_treatment(lives: Lives) -> float:
    """Give the percent of deaths that come on a line or while its drug still runs."""
    return float(EVERYBODY * (np.isnan(lives.supportive_from) & ~lives.of_other_cause).mean())


def lines_started(lives: Lives) -> float:
    """Give the median number of lines that a patient starts."""
    return float(np.median((~np.isnan(lives.begins)).sum(axis=0)))


def benefit_odds(lives: Lives) -> float:
    """Give the odds of six months on line 2 after less on line 1, over those after six months or more."""
    months = lives.ends - lives.begins
    both = ~np.isnan(months[1]) & (lives.exits[0] != DIED_ON_LINE)
    first, second = (months[at][both] >= BENEFIT_MONTHS for at in (0, 1))
    odds = [second[chosen].mean() / (1 - second[chosen].mean()) for chosen in (~first, first)]
    return float(odds[0] / odds[1])


def _series(model: Model, variance: float, size: int, seed: int) -> Lives:
    """Give two lines with the shares that had six months of benefit in the series of which the odds ratio is known."""
    curves = [through([(BENEFIT_MONTHS, model.figures[f"udine-6m-{at}"].value / EVERYBODY)]) for at in (1, 2)]
    dies, goes_on = shares(model, next(iter(model.structures.values())), "hr_positive", 1)
    lines = tuple(LineCourse(name="", curve=curve, dies=dies, goes_on=goes_on) for curve in curves)
    leaning = model.assumptions["leaning"].value
    return simulate(Course(lines=lines, frailty=variance, leaning=leaning, support=from_median(4)), size, seed)


def _frailty(model: Model, odds: float, size: int, seed: int) -> float:
    return _solve(lambda v: -log(benefit_odds(_series(model, v, size, seed))), -log(odds), 0.01, 4.0)


def _fit(known: Knowledge, structure: str, subtype: str, size: int, seed: int) -> Fit:
    """Give the months between lines that meet the median survival, split so that the time on treatment is met as well."""
    survival, treated = (known.model.figures[names[subtype]].value for names in (SURVIVAL, ON_TREATMENT))

    def lives(months: float, on_drug: float) -> Lives:
        course = everyday_course(known, structure, subtype, beyond=months * on_drug, gap=months * (1 - on_drug))
        return simulate(course, size, seed)

    months, on_drug = 0.0, 0.5
    for _ in range(3):  # the split moves the median little
        months = _solve(lambda m, share=on_drug: float(np.median(lives(m, share).dies)), survival, 0.0, MOST_MONTHS)  # type: ignore[misc]
        on_drug = _solve(lambda share, m=months: time_on_treatment(lives(m, share)), treated, 0.0, 1.0)  # type: ignore[misc]
    beyond, gap = round(months * on_drug, 2), round(months * (1 - on_drug), 2)
    return Fit(structure=structure, subtype=subtype, beyond=beyond, gap=gap)  # type: ignore[arg-type]


def _solve(rising: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Give where a rising function meets its target, or the end of the range that comes nearest."""
    for _ in range(13):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def _checks(known: Knowledge, fit: Fit, size: int, seed: int) -> Iterator[FitCheck]:
    model = known.model
    course = everyday_course(known, fit.structure, fit.subtype, beyond=fit.beyond, gap=fit.gap)
    lives = simulate(course, size, seed)
    fitted = {SURVIVAL[fit.subtype]: float(np.median(lives.dies)), ON_TREATMENT[fit.subtype]: time_on_treatment(lives)}
    for name, value in fitted.items():
        yield _check(model, fit.structure, model.figures[name], value, "fitted")
    if fit.subtype == "hr_positive":
        yield _check(model, fit.structure, model.figures[DEATHS], deaths_on_treatment(lives), "checked")
        yield _check(model, fit.structure, model.figures[LINES], lines_started(lives), "checked")
        yield _check(model, fit.structure, model.figures[NEXT], fit.beyond + fit.gap, "checked")
    for name, (subtype, line) in LATE.items():
        if subtype == fit.subtype:
            dies = survival_times(replace(course, lines=course.lines[line - 1 :]), size, seed)
            yield _check(model, fit.structure, model.figures[name], float(np.median(dies)), "checked")


def _check(model: Model, structure: str, figure: CohortFigure, fitted: float, used: str) -> FitCheck:
    z = None
    if figure.low is not None and figure.high is not None:
        scale = log if figure.unit == "ratio" else float
        z = round((scale(fitted) - scale(figure.value)) * WIDTH / (scale(figure.high) - scale(figure.low)), 2)
    why = model.structures[structure].misses.get(figure.id, "") if structure in model.structures else ""
    return FitCheck(structure=structure, figure=figure.id, fitted=round(fitted, 2), z=z, used=used, text=why)  # type: ignore[arg-type]


HEAD = """\
# Written by `mbc calibrate` from the figures of cohorts and the assumptions beside it; edit those, not this file. Months are
# means for everybody; `z` is the distance to the published figure in its standard errors, null where no interval is published.
id: calibration
"""


def as_yaml(found: Calibration) -> str:
    """Give the text of data/realworld/calibration.yaml."""
    value, low, high = found.frailty
    frailty = (
        f"  - {{id: frailty_variance, value: {value}, low: {low}, high: {high}, figures: [{ODDS}], "
        'text: "Variance of the shared frailty, fitted to the odds of benefit from line 2 after none from line 1; its range, to their interval."}'
    )
    fits = [
        f"  - {{structure: {x.structure}, subtype: {x.subtype}, beyond: {x.beyond}, gap: {x.gap}}}" for x in found.fits
    ]
    return "\n".join([f"{HEAD}assumptions:", frailty, "fits:", *fits, "checks:", *map(_check_line, found.checks), ""])


def _check_line(check: FitCheck) -> str:
    z = "null" if check.z is None else check.z
    why = f", text: {dumps(check.text, ensure_ascii=False)}" if check.text else ""
    return f"  - {{structure: {check.structure}, figure: {check.figure}, fitted: {check.fitted}, z: {z}, used: {check.used}{why}}}"
