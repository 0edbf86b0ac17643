"""The engine that simulates here: arrays of NumPy, or, where NumPy cannot be imported, fewer people with the standard library alone.

Comes in: what is installed. Goes out: `ENGINE`, of which the rest of the simulation asks for people, for months of death, and for random
numbers. Both engines live the same model and answer the same questions (`people`); a page says how many people it shows.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Protocol

from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.people import Effort, People
from mbc_widgets.simulate.spread import Ordered


class Noise(Protocol):
    """The random numbers of one source of error: so many of them, one after the other."""

    def uniform(self, count: int) -> list[float]:
        """Give numbers from 0 to 1."""

    def normal(self, count: int) -> list[float]:
        """Give numbers with mean 0 and standard deviation 1."""

    def beta(self, one: float, other: float, count: int) -> list[float]:
        """Give shares with these two weights."""


class Engine(Protocol):
    """What simulates. Groups of months are its own: a list or an array."""

    EFFORT: Effort

    def people(self, course: Course, size: int, seed: int) -> People:
        """Give the people of a course: the same in every course of this seed."""

    def survival_times(self, course: Course, size: int, seed: int) -> Any:
        """Give the month of death of each of the same people."""

    def ordered(self, months: Any) -> Ordered:
        """Give months in ascending order."""

    def hazard_ratio(self, one: Any, two: Any) -> float:
        """Give the hazard of group one over that of group two, from their months to the event."""

    def of_draws(
        self, drawn: Sequence[Course], months: Sequence[float], people: int, seed: int, *, threads: int = 1
    ) -> tuple[Any, Any]:
        """Give the median survival by each course, and the percent alive at each of the months."""

    def joined(self, one: Any, two: Any) -> Any:
        """Give draws and further draws as one."""

    def noise(self, seed: int, name: str) -> Noise:
        """Give the random numbers of one source of error."""


def _has_numpy() -> bool:
    try:
        return find_spec("numpy") is not None
    except ImportError:  # a finder that refuses it
        return False


ENGINE: Engine
if _has_numpy():
    from mbc_widgets.simulate import many

    ENGINE = many
else:
    from mbc_widgets.simulate import few

    ENGINE = few
