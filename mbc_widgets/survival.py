"""Survival curves from published numbers: a median, landmarks, a hazard ratio in; `sample`, `survival`, `median` out.

Times are months. A curve is the survival of a whole arm (marginal), so the simulation puts its shared frailty into it in a way
that leaves the arm as it was published (`simulate/course.py`). The tail beyond the last published figure is told by `known_to`, never by a mean.

Source of the method: doi 10.1186/1471-2288-12-9 (Guyot, Ades, Ouwens, Welton 2012) for published points; a Weibull through a
median and a landmark is arithmetic. Shape 1.1 where only a median is known is an assumption (range 0.9 to 1.4).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import exp, log
from typing import TYPE_CHECKING, Any

from mbc_widgets.evidence import Row, arms_of, best
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.records import Result, Trial

if TYPE_CHECKING:
    import numpy as np

Point = tuple[float, float]  # (months, share alive and without the event)
LN2 = log(2)
USUAL_SHAPE = 1.1  # of a Weibull when only the median is known: an assumption
FAMILIES = ("weibull", "log_logistic", "exponential")
SHAPES = (0.5, 1.6)  # beyond these, two points lie too near to one another to give a shape
APART = 1.4  # the slope between two points that are nearer than this is that of scans, and no tail
CLOSE = 0.03  # a family may miss a published landmark by 3 points; beyond that the points themselves are the curve
HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A survival curve: a family with scale and shape, or the published points themselves.

    `power` raises the survival to a hazard ratio; `known_to` is the month of the last published figure, after which the curve
    is a guess; `made_of` are the published points behind it, `notes` say how it was made.
    """

    family: str
    scale: float = 1.0
    shape: float = 1.0
    points: tuple[Point, ...] = ()
    power: float = 1.0
    known_to: float | None = None
    made_of: tuple[Point, ...] = ()
    notes: tuple[str, ...] = ()

    def hazard_to(self, months: Any) -> Any:
        """Give the cumulative hazard to `months`, a number or an array."""
        if self.family == "points":
            return self.power * _interpolated(months, *_steps(self.points))
        if self.family == "log_logistic":
            return self.power * _log1p((months / self.scale) ** self.shape)
        return self.power * (months / self.scale) ** self.shape

    def survival(self, months: Any) -> Any:
        """Give the share that is alive and without the event at `months`, a number or an array."""
        return _exp(-self.hazard_to(months))

    def time_at(self, hazard: Any) -> Any:
        """Give the month at which the cumulative hazard is reached: the inverse of `hazard_to`."""
        reached = hazard if self.power == 1 else hazard / self.power
        if self.family == "points":
            months, hazards = _steps(self.points)
            return _interpolated(reached, hazards, months)
        if self.family == "log_logistic":
            return self.scale * _power(_expm1(reached), 1 / self.shape)
        return self.scale * _power(reached, 1 / self.shape)

    def quantile(self, share: float) -> float:
        """Give the month by which this share had the event."""
        return float(self.time_at(-log(1 - share)))

    def median(self) -> float:
        """Give the median in months."""
        return self.quantile(HALF)

    def sample(self, size: int, rng: "np.random.Generator") -> "np.ndarray[Any, Any]":
        """Give `size` times of the event in months."""
        return self.time_at(rng.standard_exponential(size))  # type: ignore[no-any-return]

    def stretched(self, factor: float) -> "Curve":
        """Give the curve with every time this many times as long: another median of the same shape."""
        points, made_of = (
            tuple((months * factor, share) for months, share in known) for known in (self.points, self.made_of)
        )
        known_to = None if self.known_to is None else self.known_to * factor
        return replace(self, scale=self.scale * factor, points=points, made_of=made_of, known_to=known_to)

    def with_hazard_ratio(self, ratio: float) -> "Curve":
        """Give the curve of an arm whose hazard is this many times as large at any time (proportional hazards)."""
        return replace(self, power=self.power * ratio, notes=(*self.notes, f"hazard ratio {ratio:g}, proportional"))


def from_median(median: float, *, family: str = "weibull", shape: float = USUAL_SHAPE) -> Curve:
    """Give the curve of a family through a median.

    Raises:
        ValueError: an unknown family, or a median or shape that is not above 0.

    """
    if family not in FAMILIES:
        message = f"family: {family!r} is unknown; there are: {', '.join(FAMILIES)}"
        raise ValueError(message)
    if not (median > 0 and shape > 0):
        message = f"median and shape must be above 0, found {median} and {shape}"
        raise ValueError(message)
    shape = 1.0 if family == "exponential" else shape
    scale = median if family == "log_logistic" else median / LN2 ** (1 / shape)
    return Curve(family=family, scale=scale, shape=shape, known_to=median, notes=("shape assumed",))


def through(points: Iterable[Point], *, family: str = "weibull") -> Curve:
    """Give the curve through published points (the median is one): the family where it passes within 3 points, else the points.

    A median at the first scan is no shape of a Weibull: there the points themselves carry the curve, straight in the
    cumulative hazard between them and on with the last slope.

    Raises:
        ValueError: no point, or points that do not fall.

    """
    known = sorted(set(points))
    _checked(known)
    if len(known) == 1:
        months, share = known[0]
        median = months if share == HALF else months * (LN2 / -log(share)) ** (1 / USUAL_SHAPE)
        return replace(from_median(median, family=family), known_to=months, made_of=tuple(known))
    fitted = _fitted(known, family)
    notes = (f"{family.replace('_', '-')} through {len(known)} published points",)
    if fitted and all(abs(fitted.survival(months) - share) <= CLOSE for months, share in known):
        return replace(fitted, known_to=known[-1][0], made_of=tuple(known), notes=notes)
    points = tuple(known)
    notes = ("the published points themselves",)
    return Curve(family="points", points=points, known_to=points[-1][0], made_of=points, notes=notes)


NOT_PROPORTIONAL = "medians and hazard ratio of this trial do not fit proportional hazards: the curves part late, cross, or were seen at scans"
SCAN_SHAPE = 1.2  # log-logistic: controls of EMERALD and VERITAC-2 have about a fifth free of progression at 6 months
AT_FIRST_SCAN = "the median is that of the first scan"
FIRST_SCAN = 2.2  # months: a median up to here only says that half had progressed when somebody first looked


def published(regimen: str, facts: Facts, snapshot: Snapshot) -> tuple[Row, Curve] | None:
    """Give the row that a plan draws for a regimen and the curve of that arm, or None when no median was read."""
    row = best(regimen, facts, snapshot)
    return (row, curve_of(row, regimen, snapshot)) if row else None


def curve_of(row: Row, regimen: str, snapshot: Snapshot) -> Curve:
    """Give the curve of the arm whose median a row tells.

    The points are the median and the landmarks of the same trial, arm, population and assessor that were read by the day. A
    landmark that does not fall with the others (another cut) is left out, the newest first kept.

    Raises:
        ValueError: the row has no median.

    """
    if row.own is None or row.own.value is None:
        raise ValueError(f"{row.trial.id}: the row of {regimen} has no median")
    points: list[Point] = [(row.own.value, HALF)]
    for trial, result, experimental in arms_of(regimen, snapshot):
        point = _landmark(trial, result, row) if experimental == row.experimental else None
        if point and _falling([*points, point]):
            points.append(point)
    seen_at_scan = row.own.value <= FIRST_SCAN
    alone = seen_at_scan and len(points) == 1
    curve = from_median(row.own.value, family="log_logistic", shape=SCAN_SHAPE) if alone else through(points)
    at_scan = (AT_FIRST_SCAN,) if seen_at_scan else ()
    crossing = (NOT_PROPORTIONAL,) if not proportional(row, curve.shape) else ()
    return replace(curve, notes=(*curve.notes, *at_scan, *crossing))


def proportional(row: Row, shape: float) -> bool:
    """Say whether both medians of a row fit its hazard ratio, as they do when hazards are proportional.

    Two Weibull curves of one shape: the ratio is (control median / experimental median) ** shape. Outside the published interval
    the curves cross or part late, and the two medians are kept while the ratio is not used.
    """
    result, ratio = row.result, row.result.hazard_ratio
    medians = [measure.value if measure else None for measure in (result.control, result.experimental)]
    if ratio is None or ratio.low is None or ratio.high is None or not all(medians):
        return True
    control, experimental = medians
    assert control is not None  # noqa: S101 - all are there
    assert experimental is not None  # noqa: S101
    return bool(ratio.low <= (control / experimental) ** shape <= ratio.high)


def _landmark(trial: Trial, one: Result, row: Row) -> Point | None:
    """Give (months, share) when a result is a landmark of the arm that `row` gives the median of."""
    two, own = row.result, one.experimental if row.experimental else one.control
    alike = trial.id == row.trial.id and one.population == two.population
    of_this = one.endpoint == f"{two.endpoint}_at" and one.assessor in {two.assessor, None} and one.verified == "seen"
    if not (alike and of_this) or own is None or own.value is None or not one.at_months:
        return None
    share, months = own.value / 100, float(one.at_months)
    return (months, share) if 0 < share < 1 else None


def _falling(points: Sequence[Point]) -> bool:
    return all(one[0] < two[0] and one[1] > two[1] for one, two in pairwise(sorted(points)))


def _checked(points: Sequence[Point]) -> None:
    if not points:
        message = "points: none was given"
        raise ValueError(message)
    months = [month for month, _ in points]
    shares = [share for _, share in points]
    falls = all(a > b for a, b in zip([1.0, *shares], shares, strict=False))
    if not falls or min(months) <= 0 or min(shares) <= 0 or len(set(months)) < len(months):
        message = f"points: shares must fall from 1 and stay above 0 while months rise from 0, found {points}"
        raise ValueError(message)


def _fitted(points: Sequence[Point], family: str) -> Curve | None:
    """Give the family by least squares on the line that it is in (log months, log of the hazard or of the odds).

    The line goes through the median where it was published, else through the middle of the points.
    """
    if family == "exponential":
        rate = sum(-log(share) for _, share in points) / sum(months for months, _ in points)
        return Curve(family=family, scale=1 / rate)
    odds = family == "log_logistic"
    line = [(log(months), log((1 - share) / share) if odds else log(-log(share))) for months, share in points]
    medians = [place for place, (_, share) in zip(line, points, strict=True) if share == HALF]
    x0, y0 = medians[0] if medians else (sum(x for x, _ in line) / len(line), sum(y for _, y in line) / len(line))
    shape = sum((x - x0) * (y - y0) for x, y in line) / sum((x - x0) ** 2 for x, _ in line)
    if not SHAPES[0] <= shape <= SHAPES[1]:
        return None
    return Curve(family=family, scale=exp(x0 - y0 / shape), shape=shape)


@lru_cache(maxsize=256)
def _steps(points: tuple[Point, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Give months and the cumulative hazards to them, from the start to far beyond the last point.

    On with the last slope, or with the mean hazard so far where the last two points are near to one another.
    """
    steps = [(0.0, 0.0), *((months, -log(share)) for months, share in points)]
    (months, hazard), (last_months, last_hazard) = steps[-2:]
    if last_months < APART * months:
        months = hazard = 0.0
    slope = (last_hazard - hazard) / (last_months - months)
    far = 1000.0
    listed = zip(*steps, (last_months + far, last_hazard + slope * far), strict=True)
    months_of, hazards = listed
    return months_of, hazards


def _interpolated(at: Any, xs: Sequence[float], ys: Sequence[float]) -> Any:
    """Interpolate from (0, 0) on: a number without NumPy, an array as the sum of what it has of each step (fast, any precision)."""
    if isinstance(at, int | float):
        place = min(max(bisect_right(xs, at), 1), len(xs) - 1)
        share = (at - xs[place - 1]) / (xs[place] - xs[place - 1])
        return ys[place - 1] + share * (ys[place] - ys[place - 1])
    np = _numpy()
    found = np.zeros(np.shape(at), np.result_type(at, np.float32))
    for (x0, y0), (x1, y1) in pairwise(zip(xs, ys, strict=True)):
        found += np.minimum(np.maximum(at - x0, 0), x1 - x0) * ((y1 - y0) / (x1 - x0))
    return found


def _exp(value: Any) -> Any:
    return exp(value) if isinstance(value, int | float) else _numpy().exp(value)


def _expm1(value: Any) -> Any:
    return exp(min(value, 700.0)) - 1 if isinstance(value, int | float) else _numpy().expm1(value)


def _power(value: Any, exponent: float) -> Any:
    """Raise numbers that are not negative; an array by way of its logarithms, which NumPy has in fast single precision."""
    if isinstance(value, int | float):
        return value**exponent
    found = _numpy().log(value)
    found *= exponent
    return _numpy().exp(found, out=found)


def _log1p(value: Any) -> Any:
    return log(1 + value) if isinstance(value, int | float) else _numpy().log1p(value)


def _numpy() -> Any:
    import numpy as np

    return np
