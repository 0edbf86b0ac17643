"""What a result opens: the options that it brings into a front, or to another place there.

Comes in: fronts, and the results that sequences want to know of them. Goes out: options that rest on a result. Everything
else stays as it was and is not ranked again, so that a plan asks a hundred results of twenty drugs each, not of two hundred.
"""

from collections.abc import Mapping, Sequence

from mbc_widgets.conditions import StatePlanes, Tree, Value
from mbc_widgets.eligibility import NEEDS_TEST, OFFERED, Answered, Answers, Option, listable, set_bits
from mbc_widgets.facts import Facts
from mbc_widgets.front import Front, may_be_planned
from mbc_widgets.knowledge import Candidate, Snapshot
from mbc_widgets.merits import ORDERED_BY
from mbc_widgets.neighbours import consequence
from mbc_widgets.ranking import Heard, heard_also


class Openings:
    """What each result would change in each front; a front is asked once for all the results that any sequence wants of it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._asked: dict[int, dict[Tree, tuple[Option, ...] | None]] = {}
        self._fresh: dict[tuple[int, Tree], tuple[tuple[Option, ...], Heard]] = {}

    def ask(self, front: Front, shows: Tree) -> None:
        """Note that a result will be wanted."""
        self._asked.setdefault(id(front), {}).setdefault(shows, None)

    def fresh(self, front: Front, shows: Tree) -> tuple[tuple[Option, ...], Heard]:
        """Give what may be planned of the options that rest on this result, and what is heard with them; one for all strategies."""
        key = id(front), shows
        if key not in self._fresh:
            found = tuple(option for option in self._of(front, shows) if may_be_planned(option, option.facts))
            self._fresh[key] = found, heard_also(front.context, found)
        return self._fresh[key]

    def _of(self, front: Front, shows: Tree) -> tuple[Option, ...]:
        asked = self._asked[id(front)]
        found = asked[shows]
        if found is None:
            changes = [_change(result, front.facts) for result in asked]
            asked.update(zip(asked, turned_by(changes, self.snapshot, front.answered), strict=True))
            found = asked[shows]
        return found or ()


def turned_by(changes: Sequence[Mapping[str, Value]], snapshot: Snapshot, known: Answered) -> list[tuple[Option, ...]]:
    """Give, for each change of the state `known`, the options offered after it whose verdict or rank rests on what changes."""
    moved = frozenset().union(*changes)
    answers = Answers(snapshot, StatePlanes(known.facts.values, changes), known, moved)
    states = [known.facts.put(change) for change in changes]
    ordered = sum(1 << bit for bit, change in enumerate(changes, start=1) if not ORDERED_BY.isdisjoint(change))
    known_before = frozenset(name for name in moved if known.facts.values.get(name) is not None)
    found: list[list[Option]] = [[] for _ in changes]
    for candidate in snapshot.candidates:
        read = snapshot.fields_of(candidate)
        if moved.isdisjoint(read) or (known_before.isdisjoint(read) and _settled(candidate, known)):
            continue
        plane = answers.verdicts(candidate)[OFFERED] & listable(candidate, answers)
        plane &= (ordered | _turned(candidate, answers)) & ~1  # not the state itself
        for bit in set_bits(plane):
            option = Option(
                candidate=candidate, verdict=OFFERED, facts=states[bit - 1], snapshot=snapshot, answers=answers, bit=bit
            )
            found[bit - 1].append(option)
    return [tuple(turned) for turned in found]


def _settled(candidate: Candidate, known: Answered) -> bool:
    """Say whether a regimen is closed or held by what is known: a result that was not known before never contradicts that."""
    verdicts = known.answers.verdicts(candidate)
    return not (verdicts[OFFERED] | verdicts[NEEDS_TEST]) >> known.bit & 1


def _turned(candidate: Candidate, answers: Answers) -> int:
    """Give the plane of the states in which the verdict, or anything that a rank reads, is another than in the first."""
    read = (*candidate.active, *candidate.positive, *candidate.puts_last, *candidate.puts_behind)
    planes = [answers.at(held.at)[0] for held in read]
    planes.append(answers.verdicts(candidate)[OFFERED] & listable(candidate, answers))
    turned = 0
    for plane in planes:
        turned |= ~plane & answers.every if plane & 1 else plane
    return turned


def _change(shows: Tree, facts: Facts) -> dict[str, Value]:
    """Give the facts that are others than now when a test makes this atom true."""
    value = shows[2][0] if shows[0] == "is" else shows[2]
    return {name: v for name, v in consequence(shows[1], value, facts).items() if facts.values.get(name) != v}
