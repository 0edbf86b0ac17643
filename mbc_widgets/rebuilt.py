"""A published curve made into people again: Guyot's method, from points of the figure and the numbers at risk under it.

Comes in: (month, percent) points, (month, people at risk), and the number of events where it is printed. Goes out: months and whether
each was an event, as they must have been, up to rounding, for the figure to look as it does. For teaching: medians and landmarks
come back well, a hazard ratio about, single people not at all.

Source of the method: Guyot, Ades, Ouwens, Welton 2012, doi 10.1186/1471-2288-12-9. People censored between two numbers at risk are
spread evenly; their count is corrected until the next number at risk is met.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mbc_widgets.records import CurveArm

Point = tuple[float, float]
MOST_ROUNDS = 200
EVERYBODY = 100


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """People of one arm: `months` of follow-up and `event` (True: the event, False: censored), in order of time."""

    months: tuple[float, ...]
    event: tuple[bool, ...]

    def curve(self) -> tuple[Point, ...]:
        """Give the Kaplan-Meier curve: (month, share without the event) after each month with an event, from (0, 1) on."""
        share, left, found = 1.0, len(self.months), [(0.0, 1.0)]
        for month in sorted(set(self.months)):
            here = [event for months, event in zip(self.months, self.event, strict=True) if months == month]
            if any(here):
                share *= 1 - sum(here) / left
                found.append((month, share))
            left -= len(here)
        return tuple(found)

    def median(self) -> float | None:
        """Give the first month at which half had the event; None when fewer had it."""
        return next((month for month, share in self.curve() if share <= 0.5), None)  # noqa: PLR2004 - the median

    def at(self, month: float) -> float:
        """Give the share without the event at a month."""
        return [share for when, share in self.curve() if when <= month][-1]

    def at_risk(self, month: float) -> int:
        """Give how many are still followed just before a month."""
        return sum(months >= month for months in self.months)


def rebuild(arm: CurveArm) -> Rebuilt:
    """Give the people behind one published arm.

    Raises:
        ValueError: points that rise, numbers at risk that rise, or none at month 0.

    """
    _checked(arm)
    points = [(0.0, 1.0), *((month, percent / EVERYBODY) for month, percent in arm.points)]
    ends = [month for month, _ in arm.at_risk[1:]] + [points[-1][0]]
    left, share = arm.at_risk[0][1], 1.0
    months: list[float] = []
    event: list[bool] = []
    for at, ((start, _), end) in enumerate(zip(arm.at_risk, ends, strict=True)):
        inside = [point for point in points[1:] if start < point[0] <= end]
        last = at == len(arm.at_risk) - 1
        due = left - _in_last(arm, event, left, inside, share) if last else arm.at_risk[at + 1][1]
        found, share = _interval(inside, (start, end), left, share, due)
        months += [month for month, _ in found]
        event += [happened for _, happened in found]
        left -= len(found)
    months += [points[-1][0]] * left
    event += [False] * left
    ordered = sorted(zip(months, event, strict=True), key=lambda pair: (pair[0], not pair[1]))
    return Rebuilt(months=tuple(m for m, _ in ordered), event=tuple(e for _, e in ordered))


def _in_last(arm: CurveArm, event: Sequence[bool], left: int, inside: Sequence[Point], share: float) -> int:
    """Give how many leave in the last interval: the events still missing where their number is printed, else those of the curve.

    People censored there are left at its end: nothing tells when they went.
    """
    of_curve = round(left * (1 - (inside[-1][1] / share if inside and share else 1.0)))
    missing = arm.events - sum(event) if arm.events is not None else of_curve
    return max(0, min(left, missing, of_curve))


def _interval(
    points: Sequence[Point], between: Point, left: int, share: float, due: int
) -> tuple[list[tuple[float, bool]], float]:
    """Give who leaves in one interval, so that `due` people are left, and the share without the event at its end."""
    drop = points[-1][1] / share if points and share else 1.0
    censored = max(0, round(left * drop) - due)
    found, after = _spread(points, between, left, share, censored)
    for _ in range(MOST_ROUNDS):
        over = left - len(found) - due
        if over == 0 or (over < 0 and censored == 0):
            break
        censored = max(0, censored + (1 if over > 0 else -1))
        found, after = _spread(points, between, left, share, censored)
    return found, after


def _spread(
    points: Sequence[Point], between: Point, left: int, share: float, censored: int
) -> tuple[list[tuple[float, bool]], float]:
    """Give events at the points and `censored` people evenly over the interval; events round so that the curve stays near."""
    start, end = between
    leaving = [(start + (end - start) * (at + 0.5) / censored, False) for at in range(censored)]
    found: list[tuple[float, bool]] = []
    before = start
    for month, level in points:
        gone = [one for one in leaving if before < one[0] <= month]
        found += gone
        left -= len(gone)
        events = round(left * (1 - level / share)) if left and share else 0
        events = max(0, min(left, events))
        found += [(month, True)] * events
        share = share * (1 - events / left) if left else share
        left -= events
        before = month
    found += [one for one in leaving if one[0] > before]
    return found, share


def _checked(arm: CurveArm) -> None:
    falls = all(one[0] < two[0] and one[1] >= two[1] for one, two in pairwise(arm.points))
    fewer = all(one[0] < two[0] and one[1] >= two[1] for one, two in pairwise(arm.at_risk))
    if not (arm.points and arm.at_risk and falls and fewer and arm.at_risk[0][0] == 0):
        raise ValueError(f"{arm.arm}: points must fall and numbers at risk must not rise, from month 0 on")
