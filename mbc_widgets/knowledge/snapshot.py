"""The knowledge of one day under one regulator: every candidate regimen with what is in force.

With a guideline body picked, only its statements open and order; those of the others are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

from mbc_widgets import records as r
from mbc_widgets.conditions import asked_present, fields_of, set_bits
from mbc_widgets.knowledge.bodies import in_force, opens
from mbc_widgets.knowledge.circuit import Circuit
from mbc_widgets.knowledge.licensed_line import line_asked, within_line
from mbc_widgets.knowledge.openers import granted, is_marketed, population, withdrawn
from mbc_widgets.knowledge.whole import Knowledge

STALE_YEARS = 10  # an older text that was not renewed counts like one of another region
# Known for everyone, or so common that they choose no drug by themselves: not a match.
COMMON = frozenset({"endocrine_group", "her2_positive", "receptor_ever_positive", "her2_low", "her2_ultralow"})


class Held(NamedTuple):
    """A licence, statement or rule with the place of its condition in `Snapshot.trees`, and what ranking asks of it.

    `agent` is the drug of a licence; `here` says that a statement was read, is not stale and speaks for this regulator,
    and is heard; `matched` that its condition asks for a test result to be present.
    """

    item: Any
    at: int
    agent: str = ""
    here: bool = False
    matched: bool = False


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What is known of one regimen on a day: licences in and out of force, statements and rules by their role.

    `positive` are the positive statements that may open and order; `beside` those of bodies that the reader did not pick. Of its
    `classes` some are `cytotoxic`, and some are `not_twice` to be given once they failed; `drugs` and `classes` leave out suppression.
    """

    regimen: r.Regimen
    applies_at: int
    marketed: bool
    active: tuple[Held, ...]
    withdrawn: tuple[Held, ...]
    indications: tuple[Held, ...]
    positive: tuple[Held, ...]
    against: tuple[Held, ...]
    never: tuple[Held, ...]
    not_now: tuple[Held, ...]
    cautions: tuple[Held, ...]
    beside: tuple[Held, ...] = ()
    puts_last: tuple[Held, ...] = ()
    puts_behind: tuple[Held, ...] = ()
    adds_visits: tuple[Held, ...] = ()
    learnt_later: tuple[Held, ...] = ()
    classes: frozenset[str] = frozenset()
    cytotoxic: frozenset[str] = frozenset()
    not_twice: frozenset[str] = frozenset()
    drugs: frozenset[str] = frozenset()
    conjugates: tuple[r.Conjugate, ...] = ()

    @cached_property
    def closed(self) -> bool:
        """Say whether the regulator has closed it: a drug without any licence here, or all licences withdrawn."""
        return not self.marketed or (bool(self.withdrawn) and not self.active)

    @cached_property
    def opening_places(self) -> int:
        """Give the places of what opens it, as a mask."""
        return places(self.indications)

    @cached_property
    def never_places(self) -> int:
        """Give the places of its never rules, as a mask."""
        return places(self.never)

    @cached_property
    def stopping_places(self) -> int:
        """Give the places of its never and not-now rules, as a mask."""
        return self.never_places | places(self.not_now)

    @cached_property
    def said_places(self) -> int:
        """Give the places of what licences and statements ask for, as a mask."""
        return places((*self.active, *self.positive, *self.beside, *self.against))

    @cached_property
    def ranked_places(self) -> int:
        """Give the places of what a rank reads, as a mask."""
        return places((*self.active, *self.positive, *self.puts_last, *self.puts_behind, *self.adds_visits))

    @cached_property
    def read_places(self) -> int:
        """Give the places of all on which its verdict or rank rests, as a mask."""
        return 1 << self.applies_at | self.opening_places | self.stopping_places | self.ranked_places


def places(held: Iterable[Held]) -> int:
    """Give the places of some conditions as a mask."""
    mask = 0
    for item in held:
        mask |= 1 << item.at
    return mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """The knowledge of one day under one regulator: every candidate regimen with what is in force."""

    knowledge: Knowledge
    day: str
    regulator: str
    trees: tuple[r.Tree, ...] = field(repr=False)
    candidates: tuple[Candidate, ...]
    supportive: tuple[Candidate, ...]
    body: str = ""  # the guideline body that the reader picked; "" hears all of this region
    _fields: dict[int, frozenset[str]] = field(default_factory=dict, repr=False)
    _fields_of: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def fields_at(self, place: int) -> frozenset[str]:
        """Give the fields that the condition at a place of `trees` reads; kept, because plans ask again and again."""
        found = self._fields.get(place)
        if found is None:
            found = self._fields[place] = fields_of(self.trees[place])
        return found

    def fields_of(self, candidate: Candidate) -> frozenset[str]:
        """Give the fields on which the verdict of a regimen and its place among guidelines rest."""
        name = candidate.regimen.id
        if name not in self._fields_of:
            held = (
                *(*candidate.indications, *candidate.positive, *candidate.never, *candidate.not_now),
                *(*candidate.puts_last, *candidate.puts_behind, *candidate.adds_visits),
            )
            places = {candidate.applies_at, *(item.at for item in held)}
            self._fields_of[name] = frozenset().union(*map(self.fields_at, places))
        return self._fields_of[name]

    def readers_of(self, names: Iterable[str]) -> int:
        """Give the candidates whose verdict or place among guidelines rests on one of these fields, as a mask over their order."""
        mask = 0
        for name in names:
            mask |= self._reading.get(name, 0)
        return mask

    @cached_property
    def _reading(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for index, candidate in enumerate(self.candidates):
            for name in self.fields_of(candidate):
                found[name] = found.get(name, 0) | 1 << index
        return found

    @cached_property
    def planned(self) -> int:
        """Give the places of all that a plan asks of a state, as a mask."""
        mask = 0
        for candidate in self.candidates:
            mask |= candidate.read_places | candidate.said_places
        return mask

    def resting_on(self, places: int) -> int:
        """Give the candidates whose verdict or rank rests on a condition at one of these places, as a mask over their order."""
        mask = 0
        for place in set_bits(places):
            mask |= self._resting[place]
        return mask

    @cached_property
    def _resting(self) -> Sequence[int]:
        found = [0] * len(self.trees)
        for index, candidate in enumerate(self.candidates):
            for place in set_bits(candidate.read_places):
                found[place] |= 1 << index
        return found

    @cached_property
    def circuit(self) -> Circuit:
        """Give the conditions as masks over their atoms."""
        return Circuit(self.trees)

    def general_statements(self) -> tuple[r.Statement, ...]:
        """Give the statements in force that cover no regimen: tests, definitions, advice."""
        return tuple(
            statement
            for question in self.knowledge.questions
            for statement in question.statements
            if not statement.covers and in_force(statement, self.day)
        )


@cache
def snapshot(knowledge: Knowledge, day: str, regulator: str, body: str = "") -> Snapshot:
    """Filter everything by day, regulator and body; kept, because a view asks for the same day again and again."""
    made = _Making(knowledge, day, regulator, body)
    every = [made.candidate(regimen) for regimen in knowledge.regimens.values() if regimen.intent == "active"]
    return Snapshot(
        knowledge=knowledge,
        day=day,
        regulator=regulator,
        trees=tuple(made.trees),
        candidates=tuple(c for c in every if c.regimen.backbone != "supportive"),
        supportive=tuple(c for c in every if c.regimen.backbone == "supportive"),
        body=body,
    )


class _Making:
    """A snapshot while it is made: what is in force is held once, each distinct condition has one place."""

    def __init__(self, knowledge: Knowledge, day: str, regulator: str, body: str) -> None:
        self.knowledge, self.day, self.regulator, self.body = knowledge, day, regulator, body
        self.trees: list[r.Tree] = []
        self._at: dict[int, int] = {}
        self.stale = f"{int(day[:4]) - STALE_YEARS}{day[4:]}"
        self.marketed = frozenset(a.id for a in knowledge.agents.values() if is_marketed(a, day, regulator))
        self.rules = {
            id(rule): Held(rule, self.at(rule.when))
            for topic in knowledge.safety
            for rule in topic.rules
            if rule.regulator in {None, regulator} and in_force(rule, day)
        }
        self.later = {
            id(rule): Held(rule, self.at(rule.when))
            for topic in knowledge.safety
            for rule in topic.rules
            if rule.regulator in {None, regulator} and (rule.since or "") > day
        }
        self.statements = {
            id(statement): self._statement(statement)
            for question in knowledge.questions
            for statement in question.statements
            if statement.covers and in_force(statement, day)
        }
        self.licences: dict[int, Held] = {}

    def at(self, tree: r.Tree) -> int:
        place = self._at.get(id(tree))
        if place is None:
            place = self._at[id(tree)] = len(self.trees)
            self.trees.append(tree)
        return place

    def candidate(self, regimen: r.Regimen) -> Candidate:
        """Give what is known of one regimen on this day."""
        k = self.knowledge
        licences = [held for agent, x in k.licences_of.get(regimen.id, ()) if (held := self._licence(agent, x))]
        rules = [held for x in k.rules_of[regimen.id] if (held := self.rules.get(id(x)))]
        active = tuple(held for held in licences if not withdrawn(held.item, self.day))
        line = line_asked(held.item for held in active)
        heard = (held for s in k.statements_of.get(regimen.id, ()) if (held := self.statements.get(id(s))))
        statements = [held._replace(at=self.at(within_line(held.item, regimen, line))) for held in heard]
        said = [held for held in statements if held.item.position in r.POSITIVE_POSITIONS]
        positive = tuple(held for held in said if self._is_heard(held.item))
        opening = [Held(held.item, self.at(population(held.item))) for held in active]
        drugs = [k.agents[agent] for agent in regimen.agents]
        classes = frozenset(drug.drug_class for drug in drugs) - {"ovarian_suppression"}
        return Candidate(
            regimen=regimen,
            classes=classes,
            drugs=frozenset(drug.id for drug in drugs if drug.drug_class != "ovarian_suppression"),
            cytotoxic=frozenset(name for name in classes if k.drug_classes[name].kind == "cytotoxic"),
            not_twice=frozenset(name for name in classes if k.drug_classes[name].not_twice),
            conjugates=tuple(drug.adc for drug in drugs if drug.adc),
            applies_at=self.at(regimen.applies),
            marketed=self.marketed.issuperset(regimen.agents),
            active=active,
            withdrawn=tuple(held for held in licences if withdrawn(held.item, self.day)),
            indications=(*opening, *(held for held in positive if opens(held.item, k, self.regulator))),
            positive=positive,
            beside=tuple(held for held in said if not self._is_heard(held.item)),
            against=tuple(held for held in statements if held.item.position == "not_recommended"),
            never=tuple(held for held in rules if held.item.level == "never"),
            not_now=tuple(held for held in rules if held.item.level == "not_now"),
            cautions=tuple(held for held in rules if held.item.level in {"caution", "require"}),
            puts_last=tuple(held for held in rules if held.item.puts == "last"),
            puts_behind=tuple(held for held in rules if held.item.puts == "behind"),
            adds_visits=tuple(held for held in rules if held.item.visits_per_cycle),
            learnt_later=tuple(held for x in k.rules_of[regimen.id] if (held := self.later.get(id(x)))),
        )

    def _is_heard(self, statement: r.Statement) -> bool:
        return self.body in {"", statement.body}

    def _statement(self, statement: r.Statement) -> Held:
        spoken = self._is_heard(statement) and opens(statement, self.knowledge, self.regulator)
        here = spoken and statement.since > self.stale
        return Held(statement, self.at(statement.when), here=here, matched=self._matched(statement.when))

    def _licence(self, agent: str, licence: r.Licence) -> Held | None:
        if licence.regulator != self.regulator or not granted(licence, self.day):
            return None
        held = self.licences.get(id(licence))
        if held is None:
            held = Held(licence, self.at(licence.when), agent=agent, matched=self._matched(licence.when))
            self.licences[id(licence)] = held
        return held

    def _matched(self, tree: r.Tree) -> bool:
        vocabulary = self.knowledge.vocabulary
        return any(vocabulary[name].changes == "test" and name not in COMMON for name in asked_present(tree))
