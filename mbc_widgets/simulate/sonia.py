"""SONIA, a CDK4/6 inhibitor first or second: as published, and as two courses that the same people live through.

Comes in: the knowledge, a structure of the model. Goes out: rows of published medians, and courses with the published first line,
a second line as long as the published PFS2 asks for, and the ladder of everyday care after it. Months.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import CohortFigure, Result
from mbc_widgets.simulate.cited import Cited, Row, median, monte_carlo_error, of_trial
from mbc_widgets.simulate.cohorts import cohort_course, time_to_progression, time_to_second_progression
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.kernel import Array, simulate
from mbc_widgets.simulate.rates import hazard_ratio

SHORTEST, LONGEST = 0.05, 40.0  # months, the medians among which that of line 2 is sought
HALVINGS = 12  # of that range, down to hours
PFS2 = ("sonia-pfs2-cdk1-update", "sonia-pfs2-cdk2-update")  # CDK4/6 inhibitor in line 1, in line 2
OS = ("sonia-os-cdk1", "sonia-os-cdk2")
ENDPOINTS: Mapping[str, Callable[[Any], Array]] = {
    "pfs": time_to_progression,
    "pfs2": time_to_second_progression,
    "os": lambda lives: lives.dies,
}


@dataclass(frozen=True, kw_only=True)
class ReachedCourse:
    """A course made to give a published median, and whether it can: `median` is what it gives, in months."""

    course: Course
    wanted: float
    median: float

    @property
    def reached(self) -> bool:
        """Say whether the published median comes out within a tenth of a month."""
        return abs(self.median - self.wanted) <= 0.1  # noqa: PLR2004 - the digit that papers print


def first_line(known: Knowledge) -> Result:
    """Give the published result of SONIA on the first line: experimental is the CDK4/6 inhibitor first, control second."""
    return next(r for r in known.trial("sonia").results if r.endpoint == "pfs" and r.verified == "seen")


def courses(known: Knowledge, structure: str, *, size: int, seed: int) -> tuple[ReachedCourse, ReachedCourse]:
    """Give both arms of SONIA, CDK4/6 inhibitor first and second; line 2 is as long as the published PFS2 asks for.

    Where even a second line of no length would come too late, the course with the shortest one says so (`reached`).

    Raises:
        ValueError: an arm has no median of the first line.

    """
    result, arms = first_line(known), []
    for first, figure in zip((result.experimental, result.control), PFS2, strict=True):
        if first is None or first.value is None:
            raise ValueError("sonia: an arm has no median of the first line")
        arms.append(_meeting(known, structure, first.value, known.model.figures[figure], (size, seed)))
    return arms[0], arms[1]


def _meeting(
    known: Knowledge, structure: str, first: float, figure: CohortFigure, drawn: tuple[int, int]
) -> ReachedCourse:
    low, high = SHORTEST, LONGEST

    def reached(second: float) -> ReachedCourse:
        course = cohort_course(known, structure, (first, second))
        median = float(np.median(time_to_second_progression(simulate(course, *drawn))))
        return ReachedCourse(course=course, wanted=figure.value, median=median)

    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle).median < figure.value else (low, middle)
    return reached((low + high) / 2)


def published(known: Knowledge) -> tuple[Row, ...]:
    """Give what SONIA printed, as rows of `gain`: first line (pfs), two lines (pfs2), survival (os; update of September 2024)."""
    figures = known.model.figures
    result = first_line(known)
    first = [measure.value or 0.0 for measure in (result.experimental, result.control) if measure]
    ratio = result.hazard_ratio.value if result.hazard_ratio else None
    listed = (("pfs2", PFS2, "sonia-pfs2-hr-update"), ("os", OS, "sonia-os-hr"))
    later = (
        gain("published", endpoint, [figures[arm].value for arm in arms], figures[hazard].value)
        for endpoint, arms, hazard in listed
    )
    return (gain("published", "pfs", first, ratio), *later)


def gain(source: str, endpoint: str, months: Sequence[float], hazard_ratio: float | None) -> Row:
    """Give {source, endpoint, first, second, gain, hazard_ratio}: median months of both arms, and the first less the second."""
    first, second = months
    told = {"first": first, "second": second, "gain": round(first - second, 2), "hazard_ratio": hazard_ratio}
    return {"source": source, "endpoint": endpoint, **told}


def first_line_figures(known: Knowledge) -> tuple[Cited, ...]:
    """Give the published medians of the first line of both arms with their source."""
    trial, result = known.trial("sonia"), first_line(known)
    arms = (("first", result.experimental), ("second", result.control))
    return tuple(
        of_trial(known, trial, result, measure, f"PFS, CDK4/6 inhibitor {at}") for at, measure in arms if measure
    )


def simulated(known: Knowledge, size: int, seed: int) -> tuple[list[Row], float]:
    """Give the rows of every structure, survival last in each, and the Monte-Carlo error of the paired gain of survival."""
    rows, error = [], 0.0
    for name, structure in known.model.structures.items():
        one, two = (simulate(arm.course, size, seed) for arm in courses(known, name, size=size, seed=seed))
        for endpoint, months in ENDPOINTS.items():
            first, second = months(one), months(two)
            ratio = round(hazard_ratio(first, second), 2)
            rows.append(gain(f"simulated: {structure.label}", endpoint, (median(first), median(second)), ratio))
        error = max(error, monte_carlo_error(_median_gain, one.dies, two.dies))
    return rows, error


def _median_gain(first: Array, second: Array) -> float:
    return float(np.median(first) - np.median(second))
