"""Conditions: all/any/not trees over a closed vocabulary, answered yes, no or unknown.

A condition comes in as the YAML of a `when` key and becomes a nested tuple (`parse`). It is read in three ways from
that one tree: `evaluate` (one patient, with reasons and missing tests; the oracle), `planes` (many states at once, as
two bit planes yes and no, with only `&` and `|`: Python integers or NumPy bytes), and `describe` (words).
A test that was not done gives unknown, never no.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mbc_widgets.slips import Slip

# A tree is all or any with its parts, not with its part, or an atom: is, at_least or at_most with a field and its limit
Tree = tuple[Any, ...]
Value = Any  # str, float, bool, frozenset of words, or None for unknown
ALWAYS: Tree = ("all", ())
PRESENT = frozenset({"mutated", "altered", "pathogenic", "unstable", "present"})


class FieldLike(Protocol):
    """What a condition needs to know of a field of the vocabulary."""

    @property
    def id(self) -> str:
        """Give the name by which conditions know it."""

    @property
    def label(self) -> str:
        """Give the words that a page shows."""

    @property
    def kind(self) -> str:
        """Give state, set, number or flag."""

    @property
    def unit(self) -> str:
        """Give the unit of a number, or an empty string."""

    @property
    def states(self) -> Any:
        """Give the allowed states with their labels."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer of a condition: `holds` is True, False or None (unknown).

    `because` are the atoms that decided, each as it is true of the patient; `missing` the fields without which it stays unknown.
    """

    holds: bool | None
    because: tuple[Tree, ...] = ()
    missing: tuple[str, ...] = ()


class ConditionError(Slip):
    """A condition that cannot be read; says what was found, what is allowed and the nearest word."""


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Give "; did you mean 'x'?" for the nearest allowed word, or a full stop."""
    close = difflib.get_close_matches(str(word), list(allowed), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else "."


def parse(raw: object, vocabulary: Mapping[str, FieldLike]) -> Tree:
    """Give the tree of a `when` mapping.

    Raises:
        ConditionError: an unknown field or state, or a shape outside the grammar.

    """
    if not isinstance(raw, Mapping):
        message = f"a condition must be 'field: state' pairs, all, any or not; found {raw!r}"
        raise ConditionError(message)
    parts = tuple(_parse_pair(key, value, vocabulary) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else ("all", parts)


def _parse_pair(key: str, value: object, vocabulary: Mapping[str, FieldLike]) -> Tree:
    if key in {"all", "any"}:
        if not isinstance(value, Sequence) or isinstance(value, str):
            message = f"'{key}' takes a list of conditions; found {value!r}"
            raise ConditionError(message)
        return (key, tuple(parse(part, vocabulary) for part in value))
    if key == "not":
        return ("not", parse(value, vocabulary))
    if key not in vocabulary:
        message = f"unknown field '{key}'{nearest(key, vocabulary)} The fields are listed in data/vocabulary.yaml"
        raise ConditionError(message)
    field = vocabulary[key]
    if isinstance(value, Mapping):
        return _parse_limits(field, value)
    states = tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else (value,)
    if not states:
        message = (
            f"'{field.id}' has an empty list of states; it could never be true. Name a state or leave the line out"
        )
        raise ConditionError(message)
    for state in states:
        _check_state(field, state)
    return ("is", key, states)


def _parse_limits(field: FieldLike, limits: Mapping[str, object]) -> Tree:
    parts = []
    for name, limit in limits.items():
        if name not in {"at_least", "at_most"} or isinstance(limit, bool) or not isinstance(limit, int | float):
            message = f"'{field.id}' takes at_least: number or at_most: number; found {name}: {limit!r}"
            raise ConditionError(message)
        if field.kind != "number":
            message = f"'{field.id}' is not a number; it takes a state"
            raise ConditionError(message)
        parts.append((name, field.id, limit))
    if not parts:
        message = f"'{field.id}' has an empty limit; write at_least or at_most"
        raise ConditionError(message)
    return parts[0] if len(parts) == 1 else ("all", tuple(parts))


def _check_state(field: FieldLike, state: object) -> None:
    if field.kind == "flag":
        allowed: list[object] = [True, False]
    elif field.kind == "number":
        message = f"'{field.id}' is a number; write {{at_least: n}} or {{at_most: n}}, found {state!r}"
        raise ConditionError(message)
    else:
        allowed = list(field.states)
    if state not in allowed or isinstance(state, bool) != (field.kind == "flag"):
        listed = ", ".join("true" if a is True else "false" if a is False else str(a) for a in allowed[:30])
        message = f"'{field.id}' has no state {state!r}{nearest(str(state), map(str, allowed))} Allowed: {listed}"
        raise ConditionError(message)


def atom_holds(atom: Tree, value: Value) -> bool | None:
    """Give the answer of one atom for one value; None stays None."""
    if value is None:
        return None
    kind, _, wanted = atom
    if kind == "at_least":
        return bool(value >= wanted)
    if kind == "at_most":
        return bool(value <= wanted)
    if isinstance(value, frozenset):
        return not value.isdisjoint(wanted)
    return value in wanted


def holds(tree: Tree, facts: Mapping[str, Value]) -> bool | None:
    """Give only the answer of `tree` for one patient; the quick reading, without reasons."""
    kind = tree[0]
    if kind == "not":
        inner = holds(tree[1], facts)
        return None if inner is None else not inner
    if kind not in {"all", "any"}:
        return atom_holds(tree, facts.get(tree[1]))
    decisive = kind == "any"
    unknown = False
    for part in tree[1]:
        answer = holds(part, facts)
        if answer is decisive:
            return decisive
        unknown = unknown or answer is None
    return None if unknown else not decisive


def evaluate(tree: Tree, facts: Mapping[str, Value]) -> Verdict:
    """Give the verdict of `tree` for one patient, with the atoms that decided and the fields that are missing."""
    kind = tree[0]
    if kind == "not":
        inner = evaluate(tree[1], facts)
        return Verdict(
            holds=None if inner.holds is None else not inner.holds,
            because=inner.because,
            missing=inner.missing,
        )
    if kind in {"all", "any"}:
        return _combine(kind, [evaluate(part, facts) for part in tree[1]])
    answer = atom_holds(tree, facts.get(tree[1]))
    if answer is None:
        return Verdict(holds=None, missing=(tree[1],))
    return Verdict(holds=answer, because=(tree if answer else ("not", tree),))


def _combine(kind: str, verdicts: list[Verdict]) -> Verdict:
    decisive = kind == "any"  # one yes decides `any`, one no decides `all`
    deciding = [verdict for verdict in verdicts if verdict.holds is decisive]
    if deciding:
        chosen = deciding[:1] if kind == "any" else deciding
        return Verdict(holds=decisive, because=_unique(atom for v in chosen for atom in v.because))
    unknown = [verdict for verdict in verdicts if verdict.holds is None]
    because = _unique(atom for v in verdicts if v.holds is not None for atom in v.because)
    if unknown:
        missing = tuple(dict.fromkeys(name for v in unknown for name in v.missing))
        return Verdict(holds=None, because=because, missing=missing)
    return Verdict(holds=not decisive, because=because)


def _unique(atoms: Iterable[Tree]) -> tuple[Tree, ...]:
    return tuple(dict.fromkeys(atoms))


def planes(tree: Tree, leaf: Callable[[Tree], tuple[Any, Any]], every: Any) -> tuple[Any, Any]:
    """Give the (yes, no) planes of `tree`; `leaf` answers an atom, `every` is the plane with all states set.

    The same code serves Python integers and NumPy arrays: only `&` and `|` are used.
    """
    kind = tree[0]
    if kind == "not":
        yes, no = planes(tree[1], leaf, every)
        return no, yes
    if kind not in {"all", "any"}:
        return leaf(tree)
    nothing = every & 0
    yes, no = (every, nothing) if kind == "all" else (nothing, every)
    for part in tree[1]:
        part_yes, part_no = planes(part, leaf, every)
        if kind == "all":
            yes, no = yes & part_yes, no | part_no
        else:
            yes, no = yes | part_yes, no & part_no
    return yes, no


def set_bits(plane: int) -> Iterator[int]:
    """Give the places of the bits that are set, lowest first; most planes have none."""
    while plane:
        yield (plane & -plane).bit_length() - 1
        plane &= plane - 1


class StatePlanes:
    """Bit planes over one base state and its variants, as Python integers; bit 0 is the base.

    `variants` are small mappings of changed facts; bit i + 1 is the base with `variants[i]` put over it. A value of None
    makes a fact unknown. Atoms are kept by identity (hashing a nested tuple costs more than reading it).
    """

    def __init__(self, base: Mapping[str, Value], variants: Sequence[Mapping[str, Value]] = ()) -> None:
        self.every = (1 << (len(variants) + 1)) - 1
        self._base = base
        self._changes: dict[str, list[tuple[int, Value]]] = {}
        for index, variant in enumerate(variants, start=1):
            for name, value in variant.items():
                self._changes.setdefault(name, []).append((1 << index, value))
        self._atoms: dict[int, tuple[int, int, Tree]] = {}

    def of(self, tree: Tree) -> tuple[int, int]:
        """Give the (yes, no) planes of `tree`."""
        return planes(tree, self._leaf, self.every)

    def _leaf(self, atom: Tree) -> tuple[int, int]:
        found = self._atoms.get(id(atom))
        if found is not None:
            return found[0], found[1]
        base = atom_holds(atom, self._base.get(atom[1]))
        yes, no = (self.every if base is True else 0), (self.every if base is False else 0)
        for bit, value in self._changes.get(atom[1], ()):
            answer = atom_holds(atom, value)
            yes = yes | bit if answer is True else yes & ~bit
            no = no | bit if answer is False else no & ~bit
        self._atoms[id(atom)] = (yes, no, atom)
        return yes, no


def fields_of(tree: Tree) -> frozenset[str]:
    """Give the names of all fields that `tree` reads."""
    if tree[0] == "not":
        return fields_of(tree[1])
    if tree[0] in {"all", "any"}:
        return frozenset().union(*(fields_of(part) for part in tree[1]))
    return frozenset({tree[1]})


def asked_present(tree: Tree) -> frozenset[str]:
    """Give the fields that a condition asks to be present: a finding, or a score of at least a limit; not an absence."""
    kind = tree[0]
    if kind in {"all", "any"}:
        return frozenset().union(*(asked_present(part) for part in tree[1]))
    if kind == "at_least" or (kind == "is" and set(tree[2]) & PRESENT):
        return frozenset({tree[1]})
    return frozenset()


def atoms_of(tree: Tree) -> tuple[Tree, ...]:
    """Give every atom of `tree`, in order."""
    if tree[0] == "not":
        return atoms_of(tree[1])
    if tree[0] in {"all", "any"}:
        return tuple(atom for part in tree[1] for atom in atoms_of(part))
    return (tree,)
