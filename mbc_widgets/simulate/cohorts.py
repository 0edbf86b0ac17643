"""Courses of cohorts and trials that printed how long their lines held, and the endpoints that their papers print.

Comes in: the knowledge, a structure of the model, published medians. Goes out: `Course`s, and for `Lives` the months that such a
paper would print. Months; nobody is censored. What follows the lines that a paper prints is the ladder of
everyday care and the fitted months between lines, the same for every cohort: nothing is fitted here.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.simulate.build import everyday_course, other_deaths
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.kernel import Array, Lives
from mbc_widgets.simulate.prognosis import combined, factor_at, leverage, with_factor
from mbc_widgets.survival import from_median

OLD = 70  # years, from which on the factor of age acts


def cohort_course(
    known: Knowledge,
    structure: str,
    medians: Sequence[float],
    *,
    subtype: str = "hr_positive",
    age: float | None = None,
) -> Course:
    """Give the course of a cohort whose first lines held these median months; later lines and months between are fitted ones.

    Raises:
        KeyError: no such structure, or no fit for it.

    """
    fit = known.model.fits[structure, subtype]
    course = everyday_course(known, structure, subtype, beyond=fit.beyond, gap=fit.gap)
    curves = [from_median(median) for median in medians]
    first = tuple(replace(line, curve=curve) for line, curve in zip(course.lines, curves, strict=False))
    lines = (*first, *course.lines[len(first) :])
    course = replace(course, lines=lines, other_deaths=other_deaths(known, age, None))
    if age is None:
        return course
    ratio = combined(known.model, {"age-70": age >= OLD}).ratio
    return with_factor(course, factor_at(ratio, leverage(course, [ratio])))


def time_to_progression(lives: Lives) -> Array:
    """Give the months from the start of line 1 to its progression or death (PFS), for every patient."""
    first: Array = lives.ends[0]
    return first


def time_to_second_progression(lives: Lives) -> Array:
    """Give the months from the start of line 1 to progression on line 2 or death (PFS2), for every patient."""
    second: Array = np.where(np.isnan(lives.ends[1]), lives.dies, lives.ends[1])
    return second


def time_to_next_treatment(lives: Lives) -> Array:
    """Give the months from the start of line 1 to the start of line 2 or death (TTNT), for every patient."""
    following: Array = np.where(np.isnan(lives.begins[1]), lives.dies, lives.begins[1])
    return following
