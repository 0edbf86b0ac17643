"""Rows of one trial that describe one curve must agree: cuts of a median, rates and the median, survival and progression.

Comes in: the rows of a trial as they were read. Goes out: what hardly can be right, with the place of the row.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Finding = tuple[tuple[str | int, ...], str]

WHOLE_ROW = "row"  # the key of `plausible_because` for what is odd between rows
CUT_FACTOR = 1.5  # a later cut of one median moves less than this
RATE_SLACK = 3  # percentage points between a rate and the median of the same curve


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point of a curve, `percent` still free of the event at `months`; a median is the point at 50 percent."""

    index: int
    side: str
    endpoint: str
    arm: str
    population: str
    assessor: str | None
    reported: str
    months: float
    percent: float

    @property
    def is_median(self) -> bool:
        """Say whether the row is a median."""
        return self.percent == 50  # noqa: PLR2004 - the definition

    @property
    def curve(self) -> tuple[object, ...]:
        """Name the curve over all its cuts."""
        return self.endpoint, self.arm, self.population, self.assessor

    def __str__(self) -> str:
        """Give the point in words."""
        return (
            f"the median {self.months:g} months"
            if self.is_median
            else f"{self.percent:g} percent at month {self.months:g}"
        )


def across_rows(results: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Give what does not agree among the rows of one trial."""
    points = [point for index, result in enumerate(results) for point in _points(index, result)]
    curves: dict[tuple[object, ...], list[Point]] = defaultdict(list)
    for point in points:
        curves[point.curve].append(point)
    for curve in curves.values():
        yield from _cuts([point for point in curve if point.is_median])
        for point in curve:
            yield from _off_the_curve(point, [other for other in curve if other.reported == point.reported])
    medians = [point for point in points if point.is_median]
    yield from _survival_is_longer(medians)


def plain(population: object) -> str:
    """Give a population without punctuation and case, its limits kept; a row without one is about all."""
    return re.sub(r"[^\w<>=]+", " ", str(population or "ITT")).strip().casefold()


def _points(index: int, result: Mapping[str, Any]) -> Iterator[Point]:
    endpoint = result["endpoint"].removesuffix("_at")
    is_rate = endpoint != result["endpoint"] and bool(result.get("at_months"))
    is_median = result["unit"] == "months" and endpoint == result["endpoint"]
    if endpoint not in {"pfs", "os", "ttp"} or not (is_rate or is_median):
        return
    explained = result.get("plausible_because") or {}
    arms = {"experimental": result.get("arm"), "control": result.get("control_arm")}
    for side, arm in arms.items():
        value = (result.get(side) or {}).get("value")
        if value is not None and not {WHOLE_ROW, side} & set(explained):
            yield Point(
                index=index,
                side=side,
                endpoint=endpoint,
                arm=arm or side,
                population=plain(result.get("population")),
                assessor=result.get("assessor"),
                reported=result["reported"],
                months=result["at_months"] if is_rate else value,
                percent=value if is_rate else 50,
            )


def _cuts(medians: Sequence[Point]) -> Iterator[Finding]:
    months = [point.months for point in medians]
    if months and max(months) > min(months) * CUT_FACTOR:
        first = medians[0]
        text = f"{first.endpoint} of '{first.arm}' is {min(months):g} months in one cut and {max(months):g} in another"
        yield ("results", first.index), text


def _off_the_curve(point: Point, others: Sequence[Point]) -> Iterator[Finding]:
    """A curve only falls: earlier points of the same report lie higher, later ones lower."""
    if point.is_median:
        return
    for other in others:
        earlier_but_lower = other.months < point.months and other.percent < point.percent - RATE_SLACK
        later_but_higher = other.months > point.months and other.percent > point.percent + RATE_SLACK
        if earlier_but_lower or later_but_higher:
            yield ("results", point.index, point.side), f"{point} does not fit {other} of the same report"
            return


def _survival_is_longer(medians: Sequence[Point]) -> Iterator[Finding]:
    survival = [point for point in medians if point.endpoint == "os"]
    for point in survival:
        same = [m for m in medians if m.endpoint == "pfs" and (m.arm, m.population) == (point.arm, point.population)]
        longest = max((m.months for m in same), default=0)
        if point.months < longest:
            text = f"survival of '{point.arm}' ({point.months:g}) is shorter than its time without progression ({longest:g})"
            yield ("results", point.index), text
