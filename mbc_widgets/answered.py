"""One state with the answers to its conditions: what a plan asks of each state that it comes to.

Comes in: facts and a snapshot, and the state before, from which they moved. Goes out: answers, verdicts and options. Few
conditions read what a line or a result moves; all other answers are taken over.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

from mbc_widgets.conditions import holds
from mbc_widgets.eligibility import OFFERED, VERDICTS, Option, listable, set_bits, verdicts
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Candidate, Held, Snapshot
from mbc_widgets.said import Said


class Answered:
    """The facts of a state and its answers, as masks over the places of the snapshot's conditions, worked out when asked for.

    `before` is a state that was answered before: only what the facts that moved since then can turn is answered anew;
    `moved` names these facts where that is known.
    """

    every = 1  # one state: its planes have one bit

    def __init__(
        self, facts: Facts, snapshot: Snapshot, before: "Answered | None" = None, moved: Iterable[str] | None = None
    ) -> None:
        self.facts, self.snapshot = facts, snapshot
        self._before = before
        self.turned = _turned(before.facts, facts, snapshot, moved) if before else 0
        self._asked = self._yes = self._no = 0
        self._verdicts: dict[int, str] = {}
        self.heard: dict[tuple[str, int, int], Said] = before.heard if before else {}  # one for all states of a plan

    def _ask(self, todo: int) -> None:
        """Answer the conditions at these places, which nobody has asked for yet."""
        self._asked |= todo
        same = todo & ~self.turned if self._before else 0
        if self._before and same:
            yes, no = self._before.masks(same)
            self._yes |= yes
            self._no |= no
            todo ^= same
        trees, values = self.snapshot.trees, self.facts.values
        for place in set_bits(todo):
            answer = holds(trees[place], values)
            if answer:
                self._yes |= 1 << place
            elif answer is False:
                self._no |= 1 << place

    def masks(self, places: int) -> tuple[int, int]:
        """Give those of these places that answer yes, and those that answer no."""
        todo = places & ~self._asked
        if todo:
            self._ask(todo)
        return self._yes & places, self._no & places

    def at(self, place: int) -> tuple[int, int]:
        """Give the (yes, no) planes of the condition at this place of the snapshot."""
        yes, no = self.masks(1 << place)
        return int(yes > 0), int(no > 0)

    def any_of(self, held: tuple[Held, ...]) -> tuple[int, int]:
        """Give the planes (yes, unknown) of "any of these"."""
        places = self.snapshot.places(held)
        yes, no = self.masks(places)
        return int(yes > 0), int(not yes and no != places)

    def said(self, candidate: Candidate) -> Said:
        """Give what licences and statements say of a candidate; the same for all states of a plan that answer them alike."""
        places = candidate.said_places
        yes, no = self.masks(places)
        key = candidate.regimen.id, yes, no
        found = self.heard.get(key)
        if found is None:
            found = self.heard[key] = Said(candidate, yes, places & ~(yes | no))
        return found

    def verdict(self, index: int) -> str:
        """Give the verdict of a candidate of the snapshot; that of before where nothing turned that it rests on."""
        found = self._verdicts.get(index)
        if found is None:
            candidate = self.snapshot.candidates[index]
            if self._before and not self.turned & candidate.verdict_places:
                found = self._before.verdict(index)
            else:
                answers = verdicts(candidate, self)
                found = next(word for word in VERDICTS if answers[word])
            self._verdicts[index] = found
        return found

    def offers(self, index: int) -> bool:
        """Say whether a candidate of the snapshot is offered to this patient, whom it can concern."""
        return self.verdict(index) == OFFERED and bool(listable(self.snapshot.candidates[index], self))

    def differs(self, index: int) -> bool:
        """Say whether the offer of a candidate, or anything that its rank reads, is another than in the state before."""
        before = self._before
        if not before:
            return False
        read = self.turned & self.snapshot.candidates[index].ranked_places
        return before.masks(read)[0] != self.masks(read)[0] or before.offers(index) != self.offers(index)

    def options(self, only: tuple[str, ...]) -> tuple[Option, ...]:
        """Give the options with one of these verdicts, in the order of data/regimens.yaml."""
        candidates = self.snapshot.candidates
        found = [index for index, verdict in enumerate(self.verdicts) if verdict in only]
        return tuple(self.option(index) for index in found if listable(candidates[index], self))

    @cached_property
    def verdicts(self) -> Sequence[str]:
        """Give the verdicts of all candidates of the snapshot."""
        candidates = self.snapshot.candidates
        if not self._before:
            return [self.verdict(index) for index in range(len(candidates))]
        found = list(self._before.verdicts)
        for index, candidate in enumerate(candidates):
            if self.turned & candidate.verdict_places:
                found[index] = self.verdict(index)
        return found

    def option(self, index: int) -> Option:
        """Give the option of a candidate of the snapshot."""
        return Option(
            candidate=self.snapshot.candidates[index],
            verdict=self.verdict(index),
            facts=self.facts,
            snapshot=self.snapshot,
            answers=self,
        )


def _turned(before: Facts, after: Facts, snapshot: Snapshot, moved: Iterable[str] | None) -> int:
    """Give the places whose condition may answer otherwise after than before; `moved` are the other facts where these are known."""
    old, new = before.values, after.values
    if moved is None:
        moved = [name for name, value in new.items() if old.get(name) != value]
        moved += [name for name in old if name not in new]
    return snapshot.turned(old, new, moved)
