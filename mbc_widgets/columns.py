"""Many states as columns: a condition answered for millions of states at once.

Comes in: facts of many states, or arrays drawn elsewhere, one column per field. Goes out: two packed planes of NumPy
bytes (yes, no) per condition, one bit per state, from the same tree and the same `planes` as for one patient.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbc_widgets.conditions import FieldLike, Tree, Value, planes

Bytes = np.ndarray[Any, Any]  # packed: one bit per state
UNKNOWN = -1


@dataclass(frozen=True)
class Codes:
    """A column of words: the place of each state in `words`, `UNKNOWN` where nobody knows."""

    words: tuple[Value, ...]
    at: np.ndarray[Any, Any]


@dataclass(frozen=True)
class Members:
    """A column of sets: for each word that is in any of them, where it is; and where the set is known at all."""

    known: np.ndarray[Any, Any]
    of: Mapping[str, np.ndarray[Any, Any]]


Column = Codes | Members | np.ndarray[Any, Any]  # the last: numbers, NaN where unknown


def column(kind: str, values: Sequence[Value]) -> Column:
    """Give the column of one field (kind state, flag, number or set) from its value in each state, None = unknown."""
    if kind == "number":
        return np.array([np.nan if value is None else value for value in values], float)
    if kind == "set":
        words = set().union(*(value for value in values if value is not None))
        of = {word: np.array([value is not None and word in value for value in values]) for word in sorted(words)}
        return Members(known=np.array([value is not None for value in values]), of=of)
    found = tuple(dict.fromkeys(value for value in values if value is not None))
    places = {value: place for place, value in enumerate(found)}
    return Codes(words=found, at=np.array([UNKNOWN if v is None else places[v] for v in values], np.int16))


def columns(states: Sequence[Mapping[str, Value]], vocabulary: Mapping[str, FieldLike]) -> dict[str, Column]:
    """Give the columns of all fields that any state has a value for."""
    names = dict.fromkeys(name for state in states for name in state if name in vocabulary)
    return {name: column(vocabulary[name].kind, [state.get(name) for state in states]) for name in names}


class ColumnPlanes:
    """The planes of conditions over `count` states given as columns; a field without a column is unknown in all."""

    def __init__(self, count: int, values: Mapping[str, Column]) -> None:
        self.count, self._values = count, values
        self.every: Bytes = np.packbits(np.ones(count, bool))
        self._atoms: dict[Tree, tuple[Bytes, Bytes]] = {}

    def of(self, tree: Tree) -> tuple[Bytes, Bytes]:
        """Give the (yes, no) planes of `tree`."""
        yes, no = planes(tree, self._leaf, self.every)
        return yes, no

    def unpacked(self, plane: Bytes) -> np.ndarray[Any, Any]:
        """Give a plane as one truth value per state."""
        return np.unpackbits(plane, count=self.count).astype(bool)

    def _leaf(self, atom: Tree) -> tuple[Bytes, Bytes]:
        found = self._atoms.get(atom)
        if found is None:
            found = self._atoms[atom] = self._answer(atom)
        return found

    def _answer(self, atom: Tree) -> tuple[Bytes, Bytes]:
        kind, name, wanted = atom
        values = self._values.get(name)
        if values is None:
            nothing = self.every & 0
            return nothing, nothing
        if isinstance(values, Codes):
            table = np.array([word in wanted for word in values.words] + [False])  # the last place: unknown
            yes, known = table[values.at], values.at != UNKNOWN
        elif isinstance(values, Members):
            present = [values.of[word] for word in wanted if word in values.of]
            yes, known = np.logical_or.reduce(present) if present else np.zeros(self.count, bool), values.known
        else:
            known = ~np.isnan(values)
            yes = values >= wanted if kind == "at_least" else values <= wanted
            if kind == "is":
                yes = np.isin(values, list(wanted))
        packed = np.packbits(yes & known)
        return packed, np.packbits(known) & ~packed
