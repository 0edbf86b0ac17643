"""Options: what is offered, what needs a test, what must wait, what is not offered, and why.

Comes in: facts and a snapshot. Goes out: one `Option` per regimen. Verdicts are computed on bit planes over the patient
and all one-change neighbours at once, so "what would change the answer" is the engine's own answer and never a sentence
written by hand. The table (first line that holds):

    a never rule is yes, no indication is yes or unknown, or the regulator has closed it   -> not-offered
    a not-now rule is yes                                                                   -> not-now
    an indication is yes and no never or not-now rule is unknown                            -> offered
    else                                                                                    -> needs-test

An indication is the population of a licence, or a positive statement that was read, of a body that speaks for this
regulator's region (then the option may be off label and says so); where the reader picked a body, of that one alone. Every
other statement is shown and opens nothing. A licence is not a recommendation, and a body that advises against is shown
beside the others and removes nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from mbc_widgets.conditions import StatePlanes, Tree, Value, Verdict, evaluate, set_bits
from mbc_widgets.facts import Facts
from mbc_widgets.knowledge import Candidate, Held, Snapshot
from mbc_widgets.neighbours import MOST_FLIPS, Flip, neighbours, smallest
from mbc_widgets.records import Licence, Regimen, SafetyRule, Statement
from mbc_widgets.said import OFF_LABEL, Said

OFFERED, NEEDS_TEST, NOT_NOW, NOT_OFFERED = "offered", "needs-test", "not-now", "not-offered"
VERDICTS = (OFFERED, NEEDS_TEST, NOT_NOW, NOT_OFFERED)
VERDICT_NAMES = {OFFERED: "offered", NEEDS_TEST: "needs a test", NOT_NOW: "not now", NOT_OFFERED: "not offered"}
STANDARD_PRACTICE = "off-label-standard-practice"
SUPPRESSION_CHOICES = frozenset({"ovarian_suppression", "gonadal_suppression_man"})


class Planes(Protocol):
    """Several states, whatever holds them: Python integers over a few, packed NumPy bytes over millions."""

    every: Any

    def of(self, tree: Tree) -> tuple[Any, Any]:
        """Give the (yes, no) planes of a condition."""


class Answers:
    """The answers to the conditions of a snapshot, as planes (yes, no) over several states; each is worked out when asked for."""

    def __init__(self, snapshot: Snapshot, states: Planes) -> None:
        self.every = states.every
        self._snapshot, self._states = snapshot, states
        self._planes: dict[int, tuple[Any, Any]] = {}
        self._verdicts: dict[str, dict[str, Any]] = {}

    def at(self, place: int) -> tuple[Any, Any]:
        """Give the (yes, no) planes of the condition at this place of the snapshot."""
        found = self._planes.get(place)
        if found is None:
            found = self._planes[place] = self._states.of(self._snapshot.trees[place])
        return found

    def verdicts(self, candidate: Candidate) -> dict[str, Any]:
        """Give the planes of the four verdicts; worked out once for all states."""
        name = candidate.regimen.id
        if name not in self._verdicts:
            self._verdicts[name] = verdicts(candidate, self)
        return self._verdicts[name]

    def said(self, candidate: Candidate) -> Said:
        """Give what licences and statements say of a candidate to the first of the states."""
        yes = unknown = 0
        for place in set_bits(candidate.said_places):
            plane_yes, plane_no = self.at(place)
            yes |= (plane_yes & 1) << place
            unknown |= (~(plane_yes | plane_no) & 1) << place
        return Said(candidate, yes, unknown)

    def any_of(self, held: Iterable[Held]) -> tuple[Any, Any]:
        """Give the planes (yes, unknown) of "any of these"."""
        yes, no = self.every & 0, self.every
        kept, at = self._planes, self.at  # asked a million times in a minute of plans
        for item in held:
            item_yes, item_no = kept.get(item.at) or at(item.at)
            yes = yes | item_yes
            no = no & item_no
        return yes, self.every & ~(yes | no)


class Readable(Protocol):
    """Answers that an option can be read from, over one state or several."""

    def at(self, place: int) -> tuple[Any, Any]:
        """Give the (yes, no) planes of the condition at this place of the snapshot."""

    def said(self, candidate: Candidate) -> Said:
        """Give what licences and statements say of a candidate to the first of the states."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Option:
    """One regimen with its verdict and everything that led to it, read from the answers when asked for.

    An option equals itself alone: it speaks of one state, and what is worked out of it is kept by it.
    """

    candidate: Candidate = field(repr=False)
    verdict: str
    facts: Facts = field(repr=False)
    snapshot: Snapshot = field(repr=False)
    answers: Readable = field(repr=False)
    flips: tuple[Flip, ...] = ()

    @property
    def regimen(self) -> Regimen:
        """Give the regimen."""
        return self.candidate.regimen

    @cached_property
    def said(self) -> Said:
        """Give what licences and statements say of it."""
        return self.answers.said(self.candidate)

    @property
    def licences(self) -> tuple[Licence, ...]:
        """Give the licences whose population this patient is in."""
        return self.said.licences

    @property
    def licences_open(self) -> tuple[Licence, ...]:
        """Give the licences whose population is not yet known to hold this patient."""
        return self.said.licences_open

    @property
    def licence_status(self) -> str:
        """Give licensed, accelerated, established, off-label, withdrawn or not-licensed for this patient, day and regulator."""
        return self.said.licence_status

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Give the positive statements for this patient, those of bodies that the reader did not pick last."""
        return self.said.statements

    @property
    def statements_here(self) -> tuple[Statement, ...]:
        """Give the positive statements that were read, are not stale, are heard, and whose body speaks for this region."""
        return self.said.statements_here

    @property
    def statements_heard(self) -> tuple[Statement, ...]:
        """Give the positive statements that may order: those of everybody, or of the body that the reader picked."""
        return self.said.statements_heard

    @property
    def statements_open(self) -> tuple[Statement, ...]:
        """Give the positive statements that may order and wait for a fact."""
        return self.said.statements_open

    @property
    def against(self) -> tuple[Statement, ...]:
        """Give the statements that advise against it for this patient."""
        return self.said.against

    @cached_property
    def indicated(self) -> bool:
        """Say whether anything that opens it is known to hold for this patient."""
        return any(map(self.holds, self.candidate.indications))

    def holds(self, held: Held) -> bool:
        """Say whether the condition of a licence, statement or rule is met."""
        return bool(self.answers.at(held.at)[0] & 1)

    def count_of(self, held: Collection[Held]) -> int:
        """Count the conditions of these that are met."""
        return sum(map(self.holds, held)) if held else 0

    def _yes(self, held: Iterable[Held]) -> tuple[Any, ...]:
        return tuple(item.item for item in held if self.holds(item))

    def _open(self, held: Held) -> bool:
        yes, no = self.answers.at(held.at)
        return not (yes | no) & 1

    @cached_property
    def blocked_by(self) -> tuple[SafetyRule, ...]:
        """Give the never rules that hold."""
        return self._yes(self.candidate.never)

    @cached_property
    def held_by(self) -> tuple[SafetyRule, ...]:
        """Give the not-now rules that hold."""
        return self._yes(self.candidate.not_now)

    @cached_property
    def open_rules(self) -> tuple[SafetyRule, ...]:
        """Give the never and not-now rules that wait for a fact."""
        rules = (*self.candidate.never, *self.candidate.not_now)
        return tuple(held.item for held in rules if self._open(held))

    @cached_property
    def cautions(self) -> tuple[SafetyRule, ...]:
        """Give the cautions and requirements that hold."""
        return self._yes(self.candidate.cautions)

    @cached_property
    def learnt_later(self) -> tuple[SafetyRule, ...]:
        """Give the rules for this patient that nobody knew on this day; they close nothing here."""
        return self._yes(self.candidate.learnt_later)

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """Give the flags: off-label, no-guideline, unverified (nothing that carries it was read)."""
        outside = self.licence_status == OFF_LABEL and not self.licences_open
        usual = any(licence.status == "off_label_standard" for licence in self.licences)
        flags = [STANDARD_PRACTICE if usual else OFF_LABEL] if outside and self.verdict != NOT_OFFERED else []
        if not self.statements and self.licences:
            flags.append("no-guideline")
        if self.said.unverified:
            flags.append("unverified")
        return tuple(flags)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Give the fields without which the verdict stays open, those that most depend on first."""
        if self.verdict != NEEDS_TEST:
            return ()
        trees: list[Tree] = [rule.when for rule in self.open_rules]
        if not self.indicated:
            trees += [self.snapshot.trees[held.at] for held in self.candidate.indications if self._open(held)]
        counts: dict[str, int] = {}
        for tree in [*trees, self.regimen.applies]:
            for name in evaluate(tree, self.facts.values).missing:
                counts[name] = counts.get(name, 0) + 1
        return tuple(sorted(counts, key=lambda name: -counts[name]))

    def explain(self, tree: Tree) -> Verdict:
        """Give the verdict of one condition for this patient, with the atoms that decided."""
        return evaluate(tree, self.facts.values)


def options(facts: Facts, snapshot: Snapshot, *, flips: bool = True) -> tuple[Option, ...]:
    """Give an option for every active regimen that can concern this patient, in the order of data/regimens.yaml.

    Args:
        facts: the patient. snapshot: the day and regulator.
        flips: also look for the smallest change that opens what is closed (costs the neighbours).

    """
    changes = neighbours(facts, snapshot) if flips else ()
    answers = Answers(snapshot, StatePlanes(facts.values, [change.facts for change in changes]))
    return tuple(_options(snapshot.candidates, facts, snapshot, answers, changes))


def listable(candidate: Candidate, answers: Answers) -> Any:
    """Give the plane of the states that a regimen can concern; a variant with suppression only where it is known to."""
    yes, no = answers.at(candidate.applies_at)
    return yes if candidate.regimen.variant_of else answers.every & ~no


def supportive(facts: Facts, snapshot: Snapshot) -> tuple[Option, ...]:
    """Give the bone-modifying agents as options."""
    answers = Answers(snapshot, StatePlanes(facts.values))
    return tuple(_options(snapshot.supportive, facts, snapshot, answers, ()))


def _options(
    candidates: Iterable[Candidate], facts: Facts, snapshot: Snapshot, answers: Answers, changes: tuple[Flip, ...]
) -> Iterator[Option]:
    variants = {c.regimen.variant_of: c for c in snapshot.candidates if c.regimen.variant_of}
    accepting = sum(1 << at for at, change in enumerate(changes, start=1) if change.field in SUPPRESSION_CHOICES)
    for candidate in candidates:
        if not listable(candidate, answers) & 1:
            continue
        planes = answers.verdicts(candidate)
        verdict = next(word for word in VERDICTS if planes[word] & 1)
        variant = variants.get(candidate.regimen.id)
        with_suppression = answers.verdicts(variant)[OFFERED] & accepting if variant and accepting else 0
        opening = _flips(verdict, planes[OFFERED] | with_suppression, changes, facts.values)
        yield Option(
            candidate=candidate, verdict=verdict, facts=facts, snapshot=snapshot, answers=answers, flips=opening
        )


def verdicts(candidate: Candidate, answers: Answers) -> dict[str, Any]:
    """Apply the verdict table to all states at once; each state has exactly one verdict."""
    every = answers.every
    applies, excluded = answers.at(candidate.applies_at)
    indicated, maybe = (every & 0,) * 2 if candidate.closed else answers.any_of(candidate.indications)
    if not _somewhere((indicated | maybe) & ~excluded):  # most regimens, most of the time: no rule need be read
        nothing = every & 0
        return {OFFERED: nothing, NEEDS_TEST: nothing, NOT_NOW: nothing, NOT_OFFERED: every}
    never, never_open = answers.any_of(candidate.never)
    held, held_open = answers.any_of(candidate.not_now)
    not_offered = never | (every & ~(indicated | maybe)) | excluded
    not_now = held & ~not_offered
    offered = indicated & applies & ~(never_open | held_open | not_offered | not_now)
    return {
        OFFERED: offered,
        NEEDS_TEST: every & ~(not_offered | not_now | offered),
        NOT_NOW: not_now,
        NOT_OFFERED: not_offered,
    }


def _somewhere(plane: Any) -> bool:
    """Say whether a plane has any state at all; an integer or packed bytes."""
    return bool(plane) if isinstance(plane, int) else bool(plane.any())


def _flips(verdict: str, offered: int, changes: tuple[Flip, ...], known: Mapping[str, Value]) -> tuple[Flip, ...]:
    """Give the changes that would open a closed option: tests if any does, else choices, else what time may change.

    `offered` counts accepting suppression as opening the option: it opens the same drugs with suppression.
    """
    plane = offered >> 1  # the lowest bit is the patient unchanged
    if verdict == OFFERED or not (plane and changes):
        return ()
    opening = [changes[bit] for bit in set_bits(plane)]
    if verdict == NEEDS_TEST:  # the missing result decides; a known one is not asked to be another
        opening = [change for change in opening if known.get(change.field) is None] or opening
    alike = [change for change in smallest(opening, known) if change.kind == opening[0].kind]
    return tuple(alike[:MOST_FLIPS])
