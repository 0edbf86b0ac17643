"""What a result opens: the options that it brings into a front, or to another place there.

Comes in: fronts, and the results that sequences want to know of them. Goes out: options that rest on a result. Everything
else stays as it was and is not ranked again, so that a plan asks a hundred results of twenty drugs each, not of two hundred.
"""

from collections.abc import Iterable, Mapping, Sequence

from mbc_widgets.answered import Answered
from mbc_widgets.conditions import Tree, Value, set_bits
from mbc_widgets.eligibility import NEEDS_TEST, OFFERED, Option
from mbc_widgets.facts import Facts
from mbc_widgets.front import Front, may_be_planned
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.merits import RANKED, REORDERED
from mbc_widgets.neighbours import consequence
from mbc_widgets.ranking import Heard, heard_also


class Openings:
    """What each result would change in each front: all that any sequence wants of a front is noted before the first is asked."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._wanted: dict[int, dict[Tree, Mapping[str, Value]]] = {}
        self._moving: dict[int, Sequence[int]] = {}
        self._fresh: dict[tuple[int, Tree], tuple[tuple[Option, ...], Heard]] = {}

    def ask(self, front: Front, shows: Tree) -> None:
        """Note that a result will be wanted."""
        wanted = self._wanted.setdefault(id(front), {})
        if shows not in wanted:
            wanted[shows] = change_of(shows, front.facts)

    def fresh(self, front: Front, shows: Tree) -> tuple[tuple[Option, ...], Heard]:
        """Give what may be planned of the options that rest on this result, and what is heard with them; one for all strategies."""
        key = id(front), shows
        if key not in self._fresh:
            found = tuple(option for option in self._of(front, shows) if may_be_planned(option, option.facts))
            self._fresh[key] = found, heard_also(front.context, found) if found else front.context
        return self._fresh[key]

    def _of(self, front: Front, shows: Tree) -> tuple[Option, ...]:
        wanted = self._wanted[id(front)]
        if id(front) not in self._moving:
            self._moving[id(front)] = moving(wanted.values(), front.answered)
        return opened(wanted[shows], self._moving[id(front)], front.answered)


def moving(changes: Iterable[Mapping[str, Value]], known: Answered) -> Sequence[int]:
    """Give the candidates whose verdict or rank may rest on what any of these changes of the state `known` moves."""
    moved = frozenset().union(*changes)
    read = known.snapshot.readers_of(moved)
    known_before = known.snapshot.readers_of(name for name in moved if known.facts.values.get(name) is not None)
    return [index for index in set_bits(read) if known_before >> index & 1 or not _settled(index, known)]


def opened(change: Mapping[str, Value], indices: Sequence[int], known: Answered) -> tuple[Option, ...]:
    """Give the options that are offered after a change and rest on it; all where it orders others anew."""
    state = Answered(known.facts.put(change), known.snapshot, known, change)
    turned = _turned(indices, state)
    ordered = not RANKED.isdisjoint(change) or (turned and not REORDERED.isdisjoint(change))
    return tuple(state.option(index) for index in (indices if ordered else turned) if state.verdicts[index] == OFFERED)


def _settled(index: int, known: Answered) -> bool:
    """Say whether a regimen is closed or held by what is known: a result that was not known before never contradicts that."""
    return known.verdicts[index] not in {OFFERED, NEEDS_TEST}


def _turned(indices: Sequence[int], state: Answered) -> Sequence[int]:
    """Give those whose offer, or anything that their rank reads, is another than in the state before."""
    moved = frozenset(state.moved())
    return [index for index in indices if index in moved]


def change_of(shows: Tree, facts: Facts) -> dict[str, Value]:
    """Give the facts that are others than now when a test makes this atom true."""
    value = shows[2][0] if shows[0] == "is" else shows[2]
    return {name: v for name, v in consequence(shows[1], value, facts).items() if facts.values.get(name) != v}
