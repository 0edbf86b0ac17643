"""All patients that differ from this one in a single input that can change: what the flips are looked for in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from functools import cache
from itertools import combinations
from typing import Any

from mbc_widgets.conditions import Tree, Value, atoms_of
from mbc_widgets.facts import Facts, ovaries_of
from mbc_widgets.facts.receptors import HER2_LOW
from mbc_widgets.knowledge import Knowledge, Snapshot
from mbc_widgets.records import Field

ORDER = ("test", "choice", "course")
MOST_FLIPS = 4
NOT_OF_A_MAN = frozenset({"menopausal_status", "ovarian_suppression", "pregnancy", "breastfeeding"})
NOT_OF_A_WOMAN = frozenset({"gonadal_suppression_man"})
SUPPRESSION = frozenset({"ovarian_suppression", "gonadal_suppression_man"})
OVARIES = frozenset({"menopausal_status", "ovarian_suppression"})
CONCLUSIVE = (
    frozenset({"pdl1_cps", "visceral_crisis", "autoimmune_disease", "pregnancy", "progression_type"}) | OVARIES
)  # other facts rest on these


@dataclass(frozen=True, kw_only=True)
class Flip:
    """One change of one input: the field, its new state, how it can change, and the facts that change with it."""

    field: str
    to: Any
    kind: str
    facts: Mapping[str, Value] = attribute(repr=False)


def neighbours(facts: Facts, snapshot: Snapshot) -> tuple[Flip, ...]:
    """Give every one-change neighbour over the fields that conditions read: tests, then choices, then course."""
    read = thresholds(snapshot.knowledge)
    found = [*_receptor_flips(facts)]
    closed = NOT_OF_A_MAN if facts.values.get("sex") == "male" else NOT_OF_A_WOMAN
    for entry in _changeable(snapshot.knowledge):
        if entry.id in closed:
            continue
        if entry.id in read or entry.id in OVARIES:
            states = other_states(entry, facts.values.get(entry.id), read.get(entry.id, ()))
            found += [
                Flip(field=entry.id, to=state, kind=entry.changes, facts=consequence(entry.id, state, facts))
                for state in states
            ]
    return tuple(sorted(found, key=lambda flip: ORDER.index(flip.kind)))


def pairs(facts: Facts, snapshot: Snapshot, read: frozenset[str]) -> tuple[tuple[Flip, Flip], ...]:
    """Give every pair of changes of two inputs that conditions over the fields in `read` can tell apart.

    The second flip of a pair carries the facts as they stand after both.
    """
    singles = [flip for flip in neighbours(facts, snapshot) if read & {flip.field, *flip.facts}]
    found = []
    for first, second in combinations(singles, 2):
        if first.field != second.field:
            both = {**first.facts, **second.facts}
            if {first.field, second.field} <= CONCLUSIVE:  # they may meet in a conclusion: it is drawn again from both
                both = {**first.facts, **consequence(second.field, second.to, facts.put(first.facts))}
            found.append((first, replace(second, facts=both)))
    return tuple(found)


def smallest(changes: Iterable[Flip], known: Mapping[str, Value]) -> Iterator[Flip]:
    """Keep, of several values of one number, the one next to the present value."""
    numbers: dict[str, Flip] = {}
    for change in changes:
        now, kept = known.get(change.field), numbers.get(change.field)
        if not is_number(change.to) or not is_number(now):
            yield change
        elif kept is None or abs(change.to - now) < abs(kept.to - now):
            numbers[change.field] = change
    yield from numbers.values()


def is_number(value: Value) -> bool:
    """Say whether a value is a number; a flag is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@cache
def _changeable(knowledge: Knowledge) -> tuple[Field, ...]:
    inputs = [f for f in knowledge.vocabulary.values() if not f.derived and f.changes in ORDER]
    return tuple(f for f in inputs if f.kind != "set")


@cache
def thresholds(knowledge: Knowledge) -> Mapping[str, tuple[float, ...]]:
    """Give, for each field that a licence, statement or safety rule reads, the values at which its answer can turn."""
    trees: list[Tree] = [x.when for agent in knowledge.agents.values() for x in agent.licences]
    trees += [s.when for q in knowledge.questions for s in q.statements]
    trees += [rule.when for topic in knowledge.safety for rule in topic.rules]
    found: dict[str, set[float]] = {}
    for tree in set(trees):
        for atom in atoms_of(tree):
            points = found.setdefault(atom[1], set())
            if atom[0] in {"at_least", "at_most"}:
                step = 1 if float(atom[2]).is_integer() else 0.1
                other = atom[2] - step if atom[0] == "at_least" else atom[2] + step
                points |= {atom[2], round(other, 3)}
    return {name: tuple(sorted(points)) for name, points in found.items()}


def other_states(entry: Field, now: Value, points: tuple[float, ...]) -> Iterator[Any]:
    """Give the states of a field other than `now`; of a number, the values at which an answer can turn."""
    if entry.id == "menopausal_status" and str(now).startswith("postmenopausal"):
        return  # there is no way back
    if entry.id == "pregnancy" and now == "not_pregnant":
        return  # nobody becomes pregnant to open a drug
    if entry.kind == "flag":
        yield now is not True
    elif entry.kind == "state":
        declines = {"declined"} if entry.id in SUPPRESSION else set()  # nor does anybody decline it to open a drug
        yield from (s for s in entry.states if s not in {now, "not_tested", "not_applicable", *declines})
    else:
        low, high = entry.minimum or 0, entry.maximum or float("inf")
        yield from (point for point in points if point != now and low <= point <= high)


def consequence(name: str, state: Any, facts: Facts) -> dict[str, Value]:
    """Give what changes with one input; conclusions are drawn again where other facts rest on it."""
    if name == "her2_state":
        return _her2(state)
    if name not in CONCLUSIVE:
        return {name: state}
    changes = {name: state}
    if name in OVARIES:
        changes |= {"ovaries": None, **ovaries_of({**facts.values, name: state})}
    changed = facts.with_changes(changes).values
    unknown = dict.fromkeys(facts.values.keys() - changed.keys())  # a conclusion that can no longer be drawn
    return unknown | {key: value for key, value in changed.items() if facts.values.get(key) != value}


def _receptor_flips(facts: Facts) -> Iterator[Flip]:
    """Give other HER2 results, derived anew; a hormone receptor result is changed by a new sample, not by a flip."""
    for state in ("one_plus", "ultralow", "two_plus_ish_negative", "zero_without_staining"):
        if facts.values.get("her2_state") != state:
            yield Flip(field="her2_state", to=state, kind="test", facts=_her2(state))


def _her2(state: str) -> dict[str, Value]:
    """Give what follows from another negative HER2 result."""
    low, ultralow = state in HER2_LOW, state == "ultralow"
    return {"her2_state": state, "her2_positive": False, "her2_low": low, "her2_ultralow": ultralow}
