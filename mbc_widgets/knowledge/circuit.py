"""The conditions of a snapshot as masks over their atoms: what a plan asks of state after state.

Comes in: conditions, and the values of a state. Goes out: answers. Each distinct atom has a bit; a condition is then a few `&`
of masks instead of a walk through a tree, and when a fact moves its atoms tell which conditions may answer otherwise.
`conditions.holds` reads the same trees one by one and is what this is tested against.
"""

from collections.abc import Iterable, Mapping, Sequence

from mbc_widgets.conditions import Tree, Value, atom_holds, set_bits

# All of: atoms that have to be yes, atoms that have to be no, and other nodes; turned round where the last one is true, so that
# any of some parts is what turns round that all of them are not.
Node = tuple[int, int, tuple["Node", ...], bool]
Planes = tuple[int, int]  # what is yes, and what is no, as masks


class Circuit:
    """Conditions by their place, the bits of their atoms, and which conditions read which atom."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        self._bits: dict[Tree, int] = {}
        self._fields: dict[str, _Atoms] = {}
        self._readers: list[int] = []
        self._nodes = tuple(self._node(tree, 1 << place) for place, tree in enumerate(trees))

    def planes(self, values: Mapping[str, Value]) -> Planes:
        """Give the atoms that are yes and those that are no in a state."""
        return self.moved((0, 0), values, self._fields)

    def moved(self, before: Planes, values: Mapping[str, Value], names: Iterable[str]) -> Planes:
        """Give the atoms of a state in which only these fields may have other values than before."""
        yes, no = before
        for name in names:
            atoms = self._fields.get(name)
            if atoms:
                value, others = values.get(name), ~atoms.every
                found = atoms.yes(value)
                yes, no = yes & others | found, no & others
                if value is not None:
                    no |= atoms.every ^ found
        return yes, no

    def answers(self, places: int, atoms: Planes) -> Planes:
        """Give those of the conditions at these places that are yes, and those that are no, where these atoms are."""
        yes = no = 0
        for place in set_bits(places):
            found = _answer(self._nodes[place], *atoms)
            if found:
                yes |= 1 << place
            elif found is False:
                no |= 1 << place
        return yes, no

    def reading(self, atoms: int) -> int:
        """Give the places of the conditions that read one of these atoms, as a mask."""
        mask = 0
        for at in set_bits(atoms):
            mask |= self._readers[at]
        return mask

    def _bit(self, atom: Tree, reader: int) -> int:
        bit = self._bits.get(atom)
        if bit is None:
            bit = self._bits[atom] = 1 << len(self._bits)
            self._fields.setdefault(atom[1], _Atoms()).add(atom, bit)
            self._readers.append(0)
        self._readers[bit.bit_length() - 1] |= reader
        return bit

    def _node(self, tree: Tree, reader: int, *, negated: bool = False) -> Node:
        """Give a condition, or that it does not hold, as masks."""
        kind = tree[0]
        if kind == "not":
            return self._node(tree[1], reader, negated=not negated)
        if kind not in {"all", "any"}:
            bit = self._bit(tree, reader)
            return (0, bit, (), False) if negated else (bit, 0, (), False)
        yes, no, parts = 0, 0, list[Node]()
        for part in (self._node(part, reader, negated=kind == "any") for part in tree[1]):
            if part[3]:
                parts.append(part)
            else:
                yes, no = yes | part[0], no | part[1]
                parts += part[2]
        return yes, no, tuple(parts), (kind == "any") is not negated


class _Atoms:
    """The atoms that read one field, as masks: all of them, by the state they ask for, and the limits of a number."""

    def __init__(self) -> None:
        self.every = 0
        self._states: dict[Value, int] = {}
        self._limits: list[tuple[Tree, int]] = []

    def add(self, atom: Tree, bit: int) -> None:
        self.every |= bit
        if atom[0] == "is":
            for state in atom[2]:
                self._states[state] = self._states.get(state, 0) | bit
        else:
            self._limits.append((atom, bit))

    def yes(self, value: Value) -> int:
        """Give the atoms that this value makes true."""
        if value is None:
            return 0
        mask = 0
        for state in value if isinstance(value, frozenset) else (value,):
            mask |= self._states.get(state, 0)
        for atom, bit in self._limits:
            if atom_holds(atom, value):
                mask |= bit
        return mask


def _answer(node: Node, yes: int, no: int) -> bool | None:
    wants_yes, wants_no, parts, turned = node
    if no & wants_yes or yes & wants_no:
        return turned
    known = not (wants_yes & ~yes or wants_no & ~no)
    for part in parts:
        found = _answer(part, yes, no)
        if found is False:
            return turned
        known = known and found is not None
    return not turned if known else None
