"""One state with the answers to its conditions: what a plan asks of each state that it comes to.

Comes in: facts and a snapshot, and the state before, from which they moved. Goes out: answers, verdicts and options. A line
or a result turns few conditions, and with them the verdicts of few regimens: all others are taken over as they stand.
"""

from collections.abc import Iterable, Iterator, Sequence

from mbc_widgets.conditions import set_bits
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, NOT_OFFERED, OFFERED, Option
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Candidate, Snapshot
from mbc_widgets.said import Said


class Answered:
    """The facts of a state, its answers as two masks over the places of conditions (yes, no), and the verdicts that follow.

    `before` is a state that was answered before: only what the facts that moved since then can turn is answered anew;
    `moved` names these facts where that is known. What no plan reads (cautions, bone agents) is answered when asked for.
    """

    def __init__(
        self, facts: Facts, snapshot: Snapshot, before: "Answered | None" = None, moved: Iterable[str] | None = None
    ) -> None:
        self.facts, self.snapshot = facts, snapshot
        self.heard: dict[tuple[int, int, int], Said] = before.heard if before else {}  # one for all states of a plan
        self.before = before
        self.turned = self.turned_yes = self._asked = self._yes = self._no = 0
        if before is None:
            self.atoms = snapshot.circuit.planes(facts.values)
            self._ask(snapshot.planned)
            self.verdicts: Sequence[str] = [self._verdict(candidate) for candidate in snapshot.candidates]
        else:
            self._take_over(before, _moved(before.facts, facts) if moved is None else moved)

    def _take_over(self, before: "Answered", moved: Iterable[str]) -> None:
        """Answer anew what reads an atom that turned, and keep the rest; `turned` are the places that answer otherwise now."""
        snapshot, circuit = self.snapshot, self.snapshot.circuit
        self.atoms = circuit.moved(before.atoms, self.facts.values, moved)
        read = circuit.reading(self.atoms[0] ^ before.atoms[0] | self.atoms[1] ^ before.atoms[1])
        old_yes, old_no = before.masks(snapshot.planned)
        self._asked = snapshot.planned & ~read
        self._yes, self._no = old_yes & self._asked, old_no & self._asked
        self._ask(snapshot.planned & read)
        self.turned_yes = self._yes ^ old_yes
        self.turned = self.turned_yes | self._no ^ old_no
        self.verdicts = before.verdicts
        resting = snapshot.resting_on(self.turned)
        if resting:
            self.verdicts = list(before.verdicts)
            for index in set_bits(resting):
                self.verdicts[index] = self._verdict(snapshot.candidates[index])

    def _ask(self, places: int) -> None:
        """Answer the conditions at these places, which nobody has asked for yet."""
        yes, no = self.snapshot.circuit.answers(places, self.atoms)
        self._asked |= places
        self._yes |= yes
        self._no |= no

    def masks(self, places: int) -> tuple[int, int]:
        """Give those of these places that answer yes, and those that answer no."""
        unasked = places & ~self._asked
        if unasked:
            self._ask(unasked)
        return self._yes & places, self._no & places

    def at(self, place: int) -> tuple[int, int]:
        """Give the (yes, no) planes of the condition at this place of the snapshot."""
        if not self._asked >> place & 1:
            self._ask(1 << place)
        return self._yes >> place & 1, self._no >> place & 1

    def said(self, candidate: Candidate) -> Said:
        """Give what licences and statements say of a candidate; the same for all states of a plan that answer them alike."""
        places = candidate.said_places
        yes, no = self._yes & places, self._no & places
        key = id(candidate), yes, no
        found = self.heard.get(key)
        if found is None:
            found = self.heard[key] = Said(candidate, yes, places & ~(yes | no))
        return found

    def _verdict(self, candidate: Candidate) -> str:
        """Apply the verdict table (see `eligibility.verdicts`) to the one state that this is."""
        yes, known = self._yes, self._yes | self._no
        applies, opening, stopping = 1 << candidate.applies_at, candidate.opening_places, candidate.stopping_places
        if candidate.closed or self._no & applies or yes & candidate.never_places:
            return NOT_OFFERED
        if not yes & opening and not opening & ~known:
            return NOT_OFFERED
        if yes & stopping:
            return NOT_NOW
        return OFFERED if yes & opening and yes & applies and not stopping & ~known else NEEDS_TEST

    def moved(self) -> Iterator[int]:
        """Give the candidates whose offer, or anything that their rank reads, is another than in the state before."""
        before = self.before.verdicts if self.before else self.verdicts
        for index in set_bits(self.snapshot.resting_on(self.turned)):
            reranked = self.turned_yes & self.snapshot.candidates[index].ranked_places
            if reranked or (before[index] == OFFERED) != (self.verdicts[index] == OFFERED):
                yield index

    def having(self, *verdicts: str) -> list[int]:
        """Give the candidates that can concern this patient and have one of these verdicts, in the order of data/regimens.yaml."""
        candidates = self.snapshot.candidates
        found = (index for index, verdict in enumerate(self.verdicts) if verdict in verdicts)
        return [index for index in found if self._listable(candidates[index])]

    def options(self, *verdicts: str) -> tuple[Option, ...]:
        """Give the options with one of these verdicts."""
        return tuple(map(self.option, self.having(*verdicts)))

    def _listable(self, candidate: Candidate) -> bool:
        """Say whether a regimen can concern this patient; a variant with suppression only where it is known to."""
        applies = 1 << candidate.applies_at
        return bool(self._yes & applies) if candidate.regimen.variant_of else not self._no & applies

    def option(self, index: int) -> Option:
        """Give the option of a candidate of the snapshot."""
        return Option(
            candidate=self.snapshot.candidates[index],
            verdict=self.verdicts[index],
            facts=self.facts,
            snapshot=self.snapshot,
            answers=self,
        )


def _moved(before: Facts, after: Facts) -> list[str]:
    """Give the facts that are others after than before."""
    old, new = before.values, after.values
    return [name for name, value in new.items() if old.get(name) != value] + [name for name in old if name not in new]
