"""The knowledge of one day under one regulator: every candidate regimen with what is in force."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from mbc_widgets import records as r
from mbc_widgets.knowledge.building import shared
from mbc_widgets.knowledge.whole import Knowledge


class Held(NamedTuple):
    """A licence, statement or rule with the place of its condition in `Snapshot.trees` (and its drug, for a licence)."""

    item: Any
    at: int
    agent: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """What is known of one regimen on a day: licences in and out of force, statements and rules by their role."""

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

    @property
    def closed(self) -> bool:
        """Say whether the regulator has closed it: a drug without any licence here, or all licences withdrawn."""
        return not self.marketed or (bool(self.withdrawn) and not self.active)


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """The knowledge of one day under one regulator: every candidate regimen with what is in force."""

    knowledge: Knowledge
    day: str
    regulator: str
    trees: tuple[r.Tree, ...] = field(repr=False)
    candidates: tuple[Candidate, ...]
    supportive: tuple[Candidate, ...]

    def general_statements(self) -> tuple[r.Statement, ...]:
        """Give the statements in force that cover no regimen: tests, definitions, advice."""
        return tuple(
            statement
            for question in self.knowledge.questions
            for statement in question.statements
            if not statement.covers and _in_force(statement, self.day)
        )


@cache
def snapshot(knowledge: Knowledge, day: str, regulator: str) -> Snapshot:
    """Filter everything by day and regulator; kept, because a view asks for the same day again and again."""
    marketed = frozenset(
        agent.id
        for agent in knowledge.agents.values()
        if any(x.regulator == regulator and _granted(x, day) and not _withdrawn(x, day) for x in agent.licences)
        or (agent.first_licence or "9") <= day
    )
    places = _Places()
    every = [
        _candidate(knowledge, regimen, day, regulator, marketed, places)
        for regimen in knowledge.regimens.values()
        if regimen.intent == "active"
    ]
    return Snapshot(
        knowledge=knowledge,
        day=day,
        regulator=regulator,
        trees=tuple(places.trees),
        candidates=tuple(c for c in every if c.regimen.backbone != "supportive"),
        supportive=tuple(c for c in every if c.regimen.backbone == "supportive"),
    )


class _Places:
    """Give each distinct condition of a snapshot one place, so that it is answered once for all regimens."""

    def __init__(self) -> None:
        self.trees: list[r.Tree] = []
        self._at: dict[int, int] = {}

    def at(self, tree: r.Tree) -> int:
        place = self._at.get(id(tree))
        if place is None:
            place = self._at[id(tree)] = len(self.trees)
            self.trees.append(tree)
        return place

    def hold(self, items: Iterable[Any]) -> tuple[Held, ...]:
        return tuple(Held(item, self.at(item.when)) for item in items)


def _candidate(
    k: Knowledge,
    regimen: r.Regimen,
    day: str,
    regulator: str,
    marketed: frozenset[str],
    places: _Places,
) -> Candidate:
    granted = [
        Held(x, places.at(x.when), agent)
        for agent, x in k.licences_of.get(regimen.id, ())
        if x.regulator == regulator and _granted(x, day)
    ]
    statements = [s for s in k.statements_of.get(regimen.id, ()) if _in_force(s, day)]
    rules = [x for x in k.rules_of[regimen.id] if x.regulator in {None, regulator} and _in_force(x, day)]
    active = tuple(held for held in granted if not _withdrawn(held.item, day))
    positive = places.hold(s for s in statements if s.position in r.POSITIVE_POSITIONS)
    return Candidate(
        regimen=regimen,
        applies_at=places.at(regimen.applies),
        marketed=marketed.issuperset(regimen.agents),
        active=active,
        withdrawn=tuple(held for held in granted if _withdrawn(held.item, day)),
        indications=(
            *(Held(h.item, places.at(_opening(h.item))) for h in active),
            *(h for h in positive if h.item.verified == "seen" and regulator in k.bodies[h.item.body].speaks_for),
        ),
        positive=positive,
        against=places.hold(s for s in statements if s.position == "not_recommended"),
        never=places.hold(x for x in rules if x.level == "never"),
        not_now=places.hold(x for x in rules if x.level == "not_now"),
        cautions=places.hold(x for x in rules if x.level in {"caution", "require"}),
    )


def _opening(licence: r.Licence) -> r.Tree:
    """Give the condition under which a licence alone is a reason to offer: its population, and what opens it."""
    if licence.opens is None:
        return licence.when
    tree = ("all", (licence.when, licence.opens))
    return shared(tree)


def _granted(licence: r.Licence, day: str) -> bool:
    return licence.established or (licence.granted or "9") <= day


def _withdrawn(licence: r.Licence, day: str) -> bool:
    return licence.withdrawn is not None and licence.withdrawn <= day


def _in_force(item: r.Statement | r.SafetyRule, day: str) -> bool:
    return (item.since or "") <= day and (item.until is None or day < item.until)
