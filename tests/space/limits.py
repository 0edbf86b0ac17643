"""What a limit is: which drugs it closes, for whom, since when; written by hand from labels and trials, never from data/.

`People` asks the space in the words of the vocabulary. Every answer is a packed plane of states of which this is known to be
true, so a limit is put together with `&` and `|`; what is unknown is never true.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mbc_widgets.columns import ColumnPlanes

Plane = Any


class People:
    """The drawn states, asked one question at a time."""

    def __init__(self, space: ColumnPlanes) -> None:
        self.space, self.nobody, self.everybody = space, space.every & 0, space.every

    def at_least(self, name: str, limit: float) -> Plane:
        """Give where a number is known to be this or more."""
        return self.space.of(("at_least", name, limit))[0]

    def below(self, name: str, limit: float) -> Plane:
        """Give where a number is known to be less than this."""
        return self.space.of(("at_least", name, limit))[1]

    def at_most(self, name: str, limit: float) -> Plane:
        """Give where a number is known to be this or less."""
        return self.space.of(("at_most", name, limit))[0]

    def above(self, name: str, limit: float) -> Plane:
        """Give where a number is known to be more than this."""
        return self.space.of(("at_most", name, limit))[1]

    def is_(self, name: str, *states: object) -> Plane:
        """Give where a word is known to be one of these, or a set to hold one of these."""
        return self.space.of(("is", name, states))[0]

    def is_not(self, name: str, *states: object) -> Plane:
        """Give where it is known to be none of these."""
        return self.space.of(("is", name, states))[1]

    def yes(self, name: str) -> Plane:
        """Give where a flag is known to be true."""
        return self.is_(name, True)

    def no(self, name: str) -> Plane:
        """Give where a flag is known to be false."""
        return self.is_not(name, True)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One limit: the ids of the rules it should be equal to, its drugs, whom it closes them for, and where that stands.

    `drugs` closes every regimen that holds one of them; with `alone` only when nothing but suppression stands beside it.
    `regimens` names whole regimens (their variants with suppression too). `but_not` spares regimens that hold one of these.
    """

    rule: str
    says: str
    source: str
    closes: Callable[[People], Plane]
    drugs: frozenset[str] = frozenset()
    regimens: frozenset[str] = frozenset()
    but_not: frozenset[str] = frozenset()
    alone: bool = False
    since: str = ""
    until: str = "9999"
    regulator: str | None = None
