"""What may be asked of simulated people, however many they are: where they are at a month, how their lines end, how long they live.

Comes in: nothing, this is the agreement. `many` answers with arrays of NumPy, `few` life by life with the standard library; the figures
ask and do not know which. Every answer is plain: numbers, lists of them, rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.spread import Ordered, apportioned

SUPPORTIVE, DEAD = "supportive care", "dead"
LINE = "line"
ALIKE = 20  # lives in the ghost band
Row = dict[str, Any]
Rates = Sequence[Sequence[tuple[float, float] | None]]


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How many people and draws an engine can afford, and what that leaves to chance.

    `size`: people on each sequence. `draws`, `drawn`: of the parameters, and the people in each. `at_once`: draws between two questions
    whether the answer is still wanted. `levered`: people in whom the factor of a hazard ratio is worked out. `chance`: months, twice
    the Monte-Carlo error of the end of a band of differences, so that another seed gives the same verdict. `ratio_error`: Monte-Carlo
    error of the hazard ratio that a patient's lives really have, as a share of it. `ratio_digits`: the decimals that it leaves.
    `few`: whether a page says that it shows fewer people than it would elsewhere.
    """

    size: int
    draws: int
    drawn: int
    at_once: int
    levered: int
    chance: float
    ratio_error: float
    ratio_digits: int
    few: bool


class Reached(NamedTuple):
    """Percent who start a line and who die on it, of all who start the first; percent who leave its drug, of those who start it."""

    starts: float
    dies: float
    toxicity: float


class OnLine(NamedTuple):
    """The medians of a line over those who start it: months on the drug, days in the clinic; 0 where nobody does."""

    months: float
    days: float


class Clinic(NamedTuple):
    """Days in the clinic: by when 10, 50 and 90 in 100 have so many, the median share of the days alive (0 to 1), and line by line."""

    tenth: float
    middle: float
    ninetieth: float
    share: float
    lines: tuple[OnLine, ...]


class People(Protocol):
    """Simulated people of one course; two courses of one seed have the same. Lines count from 0 here, months from the first one's start."""

    @property
    def size(self) -> int:
        """Give how many they are."""

    @property
    def deaths(self) -> Ordered:
        """Give their months of death in ascending order."""

    def occupancy(self, months: Sequence[float]) -> list[list[float]]:
        """Give, at each month, the percent on each line (with the time until the next), in supportive care, and dead; sums to 100."""

    def starting(self, at: int) -> Sequence[int]:
        """Give how many start a line, by the place of their path."""

    def on_line(self, at: int, month: float) -> Sequence[int]:
        """Give how many are on a line (or after its progression) at a month, by the place of their path."""

    def reach(self, at: int) -> Reached:
        """Give who starts a line and how it ends."""

    def paired(self, other: Any, months: Sequence[float]) -> list[list[int]]:
        """Give of 100 people, at each month, how many live by both courses, only by this one, only by the other, by neither."""

    def typical(self) -> tuple[int, tuple[int, ...]]:
        """Give the person whose survival is nearest to the median, and twenty of like frailty."""

    def life(self, person: int, names: Sequence[Sequence[str]]) -> Row:
        """Give one life as a swimmer, with the names of the regimens of each path; see `outcomes.life`."""

    def clinic(self, rates: Rates, early: float) -> Clinic:
        """Give days in the clinic, from (days a month, more over the first `early` months) of each line by path."""

    def adjusted(self, worth: Sequence[Sequence[float]], after: float) -> float:
        """Give the median of the months alive, each weighted: on a line by path, and at any other time."""


def taken(counts: Sequence[int], course: Course, at: int, total: int) -> dict[str, int]:
    """Give how many of `total` people have which regimen on a line: the planned one first, then those that test results bring there.

    In proportion to those counted by the place of their path; nothing when there is nobody.
    """
    found: dict[str, int] = {}
    for path, count in zip(course.paths, counts, strict=True):
        if at < len(path.lines):
            found[path.lines[at].name] = found.get(path.lines[at].name, 0) + int(count)
    everybody = sum(found.values())
    if not everybody:
        return {}
    return dict(zip(found, apportioned([count / everybody for count in found.values()], total), strict=True))
