"""People on whom no line does anything: what "ever received" makes of them, and what counting from the day of receipt does.

Comes in: the knowledge, how many people, a seed. Goes out: months at which lines begin and months of death, where the hazard of death is
the same whatever is received. Lines follow the ladder of everyday care; death, the survival of ESME (figures esme-all-os, -60).
"""

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.simulate import rates
from mbc_widgets.simulate.build import ladder
from mbc_widgets.simulate.cited import median
from mbc_widgets.simulate.course import NO_FRAILTY, Course, LineCourse
from mbc_widgets.simulate.kernel import STREAMS, Array, simulate
from mbc_widgets.simulate.spread import BAND
from mbc_widgets.simulate.tails import esme_points, weibull_through
from mbc_widgets.survival import from_median


def no_effect(known: Knowledge, size: int, seed: int) -> tuple[Array, Array, tuple[Array, Array]]:
    """Give when lines begin (lines x people) and when people die, independent of one another; and both with a shared frailty."""
    curve = weibull_through(*esme_points(known))
    unit = Generator(SFC64(SeedSequence(seed, spawn_key=(0, len(STREAMS), 0)))).standard_exponential(size)
    found = []
    for variance in (0.0, known.model.assumptions["frailty_variance"].value):
        lines = tuple(LineCourse(name="", curve=from_median(months)) for months in ladder(known.model, "hr_positive"))
        lives = simulate(Course(lines=lines, frailty=variance, support=from_median(1)), size, seed)
        hazard = unit if variance < NO_FRAILTY else np.log1p(variance * unit / lives.frailty) / variance
        found.append((lives.begins, np.asarray(curve.time_at(hazard))))
    return *found[0], found[1]


def ever_against_never(begins: Array, dies: Array, line: int) -> dict[str, float]:
    """Give survival of those who ever received a line and of those who never did, and two hazard ratios between them."""
    ever, start = begins[line - 1] < dies, begins[line - 1]
    edges = np.arange(0, dies.max() + BAND, BAND)
    before = rates.events_and_months(np.zeros_like(dies), np.where(ever, start, dies), edges, event=~ever)
    after = rates.events_and_months(start[ever], dies[ever], edges)
    return {
        "ever": median(dies[ever]),
        "never": median(dies[~ever]),
        "hazard_ratio_ever": rates.hazard_ratio(dies[ever], dies[~ever]),
        "hazard_ratio_from_start": rates.pooled_ratio(*after, *before),
    }
