"""Which conditions a fact can turn when it moves: the places of what reads a field, by the states and limits asked for.

Comes in: the conditions of a snapshot. Goes out: masks over their places. A plan moves line after line, and most conditions
answer as they did before: they need not be read again.
"""

from collections.abc import Iterable, Mapping

from mbc_widgets.conditions import Tree, Value, atom_holds, atoms_of


class Readers:
    """The places that read one field, as masks: all of them, by the state they ask for, by the limit of a number."""

    def __init__(self) -> None:
        self.every = 0
        self._states: dict[Value, int] = {}
        self._limits: dict[Tree, int] = {}

    def add(self, atom: Tree, place: int) -> None:
        """Note that the condition at a place reads this atom."""
        self.every |= 1 << place
        kept, asked = (self._states, atom[2]) if atom[0] == "is" else (self._limits, (atom,))
        for one in asked:
            kept[one] = kept.get(one, 0) | 1 << place

    def turned(self, before: Value, after: Value) -> int:
        """Give the places that may answer otherwise when the field moves; what became known or unknown may turn all."""
        if before is None or after is None:
            return self.every
        both = isinstance(before, frozenset) and isinstance(after, frozenset)
        mask = 0
        for state in before ^ after if both else (before, after):
            mask |= self._states.get(state, 0)
        for atom, places in self._limits.items():
            if atom_holds(atom, before) is not atom_holds(atom, after):
                mask |= places
        return mask


def readers(trees: Iterable[Tree]) -> Mapping[str, Readers]:
    """Give who reads each field."""
    found: dict[str, Readers] = {}
    for place, tree in enumerate(trees):
        for atom in atoms_of(tree):
            found.setdefault(atom[1], Readers()).add(atom, place)
    return found
