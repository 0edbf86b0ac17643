"""Walk the space: what the engine closes against what the limits close, state by state, and what mutants of a rule change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbc_widgets.conditions import Tree
from mbc_widgets.eligibility import OFFERED, Answers
from mbc_widgets.knowledge import Candidate, Held, Snapshot
from mbc_widgets.neighbours import thresholds
from tests.space.limits import Limit, People, Plane

SUPPRESSION = frozenset({"goserelin", "leuprolide", "triptorelin", "ovarian-ablation"})


@dataclass(frozen=True)
class Difference:
    """A regimen that `who` (engine, limits, or an offer against a limit) treats otherwise in `count` states; `example` is one."""

    regimen: str
    level: str
    who: str
    count: int
    example: int


def concerns(limit: Limit, candidate: Candidate, snapshot: Snapshot) -> bool:
    """Say whether a limit is about a regimen on this day under this regulator."""
    regimen = candidate.regimen
    agents = set(regimen.agents) - SUPPRESSION or set(regimen.agents)
    if limit.regulator not in {None, snapshot.regulator} or not limit.since <= snapshot.day < limit.until:
        return False
    if limit.but_not & agents:
        return False
    named = bool(limit.regimens & {regimen.id, regimen.variant_of})
    return named or (bool(limit.drugs & agents) and (not limit.alone or len(agents) == 1))


def closed_by(limits: Iterable[Limit], candidate: Candidate, snapshot: Snapshot, people: People) -> Plane:
    """Give where any of the limits closes the regimen."""
    plane = people.nobody
    for limit in limits:
        if concerns(limit, candidate, snapshot):
            plane = plane | limit.closes(people)
    return plane


def differences(
    levels: Mapping[str, tuple[Limit, ...]], snapshot: Snapshot, answers: Answers, people: People
) -> Iterator[Difference]:
    """Give every regimen and level where engine and limits differ in any state, either way."""
    for candidate in (*snapshot.candidates, *snapshot.supportive):
        for level, limits in levels.items():
            held: tuple[Held, ...] = getattr(candidate, level)
            engine = answers.any_of(held)[0]
            wanted = closed_by(limits, candidate, snapshot, people)
            for who, plane in (("engine alone", engine & ~wanted), ("limits alone", wanted & ~engine)):
                if plane.any():
                    states = people.space.unpacked(plane)
                    yield Difference(candidate.regimen.id, level, who, int(states.sum()), int(states.argmax()))


def broken_offers(
    levels: Mapping[str, tuple[Limit, ...]], snapshot: Snapshot, answers: Answers, people: People
) -> Iterator[Difference]:
    """Give every regimen that is offered to somebody whom a limit closes it for; there must be none."""
    for candidate in (*snapshot.candidates, *snapshot.supportive):
        offered = answers.verdicts(candidate)[OFFERED]
        for level, limits in levels.items():
            plane = offered & closed_by(limits, candidate, snapshot, people)
            if plane.any():
                states = people.space.unpacked(plane)
                yield Difference(candidate.regimen.id, level, "offered", int(states.sum()), int(states.argmax()))


def mutants(tree: Tree, knowledge: Any) -> Iterator[tuple[str, Tree]]:
    """Give the ways in which a rule could be wrong: never true, the other way round, each limit moved to its neighbour."""
    yield "deleted", ("any", ())
    yield "negated", ("not", tree)
    for path, atom in _limits(tree):
        points = [p for p in thresholds(knowledge).get(atom[1], ()) if p != atom[2]]
        for name, moved in (("lower", _near(points, atom[2], up=False)), ("higher", _near(points, atom[2], up=True))):
            yield f"{atom[1]} {atom[2]:g} {name}", _put(tree, path, (atom[0], atom[1], moved))


def _near(points: list[float], limit: float, *, up: bool) -> float:
    beyond = [p for p in points if (p > limit) is up]
    step = max(abs(limit) * 0.1, 1)
    return (min(beyond) if up else max(beyond)) if beyond else limit + (step if up else -step)


def _limits(tree: Tree, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Tree]]:
    if tree[0] == "not":
        yield from _limits(tree[1], (*path, 1))
    elif tree[0] in {"all", "any"}:
        for index, part in enumerate(tree[1]):
            yield from _limits(part, (*path, 1, index))
    elif tree[0] in {"at_least", "at_most"}:
        yield path, tree


def _put(tree: Tree, path: tuple[int, ...], atom: Tree) -> Tree:
    if not path:
        return atom
    parts = list(tree)
    parts[path[0]] = _put(parts[path[0]], path[1:], atom)
    return tuple(parts)


@dataclass(frozen=True)
class Mutant:
    """One wrong rule and whether the limits notice it on the stored states.

    `redundant` when it closes other states than the right rule does, but each of them is closed by another rule as well.
    """

    rule: str
    what: str
    caught: bool
    redundant: bool


def hunt(
    levels: Mapping[str, tuple[Limit, ...]], snapshot: Snapshot, answers: Answers, people: People
) -> Iterator[Mutant]:
    """Change one rule at a time and say whether any regimen is then closed for other states than the limits close it for.

    Only the changed rule is evaluated again; the planes of the others are kept.
    """
    for level, limits in levels.items():
        concerned: dict[int, list[tuple[Plane, Plane]]] = {}
        rules: dict[int, Held] = {}
        for candidate in (*snapshot.candidates, *snapshot.supportive):
            held: tuple[Held, ...] = getattr(candidate, level)
            wanted = closed_by(limits, candidate, snapshot, people)
            for item in held:
                others = answers.any_of(other for other in held if other is not item)[0]
                concerned.setdefault(id(item.item), []).append((others, wanted))
                rules[id(item.item)] = item
        for key, item in rules.items():
            for what, tree in mutants(snapshot.trees[item.at], snapshot.knowledge):
                changed, right = people.space.of(tree)[0], answers.at(item.at)[0]
                caught = any(bool(np.any((others | changed) ^ wanted)) for others, wanted in concerned[key])
                yield Mutant(item.item.id, what, caught, not caught and bool(np.any(changed ^ right)))
