"""Millions of consistent patients: nothing is offered that a limit closes, and every rule closes what its limit closes.

The limits are written by hand from labels (never.py, not_now.py) and know nothing of data/. `make space` draws ten million.
"""

import os
import resource
import time
from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from mbc_widgets.columns import ColumnPlanes, columns
from mbc_widgets.conditions import fields_of
from mbc_widgets.eligibility import Answers
from mbc_widgets.facts.derive import concluded
from mbc_widgets.facts.receptors import LOW_KNOWN_SINCE
from mbc_widgets.knowledge import Snapshot, load
from tests.space.drawing import Pool, Space, points, pool
from tests.space.limits import People
from tests.space.never import NEVER
from tests.space.not_now import NOT_NOW
from tests.space.walk import broken_offers, differences, hunt

K = load()
LEVELS = {"never": NEVER, "not_now": NOT_NOW}
STATES = int(os.environ.get("MBC_STATES", "1000000"))
CHUNK = max(50_000, STATES // 40)  # small enough for twenty chunks or more: every turning day is drawn
POOL = 6_000
FIRST, LAST = K.edition.first_day, K.edition.current_day


def turning_days() -> list[tuple[str, str]]:
    """Give (day, regulator) for each day on which a safety rule begins or ends, and the first and the last day."""
    rules = [rule for topic in K.safety for rule in topic.rules]
    days = {day for rule in rules for day in (rule.since, rule.until) if day and FIRST <= day <= LAST}
    return [(day, regulator) for day in sorted({FIRST, LAST, *days}) for regulator in K.edition.regulators]


@cache
def people_with(low_is_known: bool) -> Pool:  # noqa: FBT001 - the two definitions of receptors
    """Give the pool by the receptor definitions of a day; they changed once, when ER-low got its name."""
    return pool(POOL, K.on(LAST if low_is_known else FIRST, "FDA"), 20261123)


def people_on(snapshot: Snapshot) -> Pool:
    return people_with(snapshot.day >= LOW_KNOWN_SINCE)


def spaces(count: int, seed: int) -> Iterator[tuple[Snapshot, Space]]:
    """Give spaces of one chunk each over the turning days."""
    days = turning_days()
    for number in range(max(1, count // CHUNK)):
        snapshot = K.on(*days[(number * 7) % len(days)])
        yield snapshot, Space(CHUNK, people_on(snapshot), K, seed + number)


def told(snapshot: Snapshot, found: object) -> str:
    return f"{snapshot.day} {snapshot.regulator}: {found}"


def test_nothing_is_offered_that_a_limit_closes(capsys: pytest.CaptureFixture[str]) -> None:
    start, seen = time.monotonic(), 0
    broken: list[str] = []
    for snapshot, space in spaces(STATES, 1):
        seen += space.count
        broken += [told(snapshot, d) for d in broken_offers(LEVELS, snapshot, Answers(snapshot, space), People(space))]
    pools = [people_with(known) for known in (False, True)]
    rejected = 100 * (1 - sum(len(p.states) for p in pools) / sum(p.drawn for p in pools))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(
            f"\n{seen:,} states in {time.monotonic() - start:.0f} s, {memory:.0f} MB at most;"
            f" {rejected:.0f} % of the patients drawn contradicted themselves and were rejected"
        )
    assert not broken


@pytest.mark.parametrize(("day", "regulator"), turning_days())
def test_every_rule_closes_what_its_limit_closes_and_nothing_else(day: str, regulator: str) -> None:
    snapshot = K.on(day, regulator)
    space = Space(50_000, people_on(snapshot), K, 7)
    found = [told(snapshot, d) for d in differences(LEVELS, snapshot, Answers(snapshot, space), People(space))]
    assert not found


def test_every_triple_of_states_is_tried() -> None:
    """Uniform draws: each combination of three states (limits from both sides, unknown too) of what the rules read is there."""
    snapshot = K.on(LAST, "FDA")
    space = Space(60_000, people_on(snapshot), K, 3, usual=0)
    read = {
        name
        for c in snapshot.candidates
        for held in (*c.never, *c.not_now)
        for name in fields_of(snapshot.trees[held.at])
    }
    names = sorted(name for name in read if name in space.free and K.vocabulary[name].kind != "set")
    states = {name: space.states_of(name) for name in names}
    sizes = {name: int(found.max()) + 1 for name, found in states.items()}
    missing = []
    for one, two, three in combinations(names, 3):
        together = (states[one] * sizes[two] + states[two]) * sizes[three] + states[three]
        first = [len(np.unique(states[name])) for name in (one, two, three)]
        if np.count_nonzero(np.bincount(together)) < first[0] * first[1] * first[2]:
            missing.append((one, two, three))
    assert len(names) > 30
    assert not missing
    assert not list(broken_offers(LEVELS, snapshot, Answers(snapshot, space), People(space)))


def test_every_pair_of_boundary_values_is_closed_as_the_limits_say(capsys: pytest.CaptureFixture[str]) -> None:
    """Both sides of every limit of one number with both sides of every limit of each other, for each kind of patient."""
    tried = 0
    for regulator in K.edition.regulators:
        snapshot = K.on(LAST, regulator)
        states = list(_boundary_pairs(snapshot))
        tried += len(states)
        people = ColumnPlanes(len(states), columns(states, K.vocabulary))
        answers = Answers(snapshot, people)
        found = [
            *differences(LEVELS, snapshot, answers, People(people)),
            *broken_offers(LEVELS, snapshot, answers, People(people)),
        ]
        assert not found
    with capsys.disabled():
        print(f"\n{tried:,} pairs of boundary values")
    assert tried > 50_000


def _boundary_pairs(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Give states with two numbers at a boundary each, from one patient of each receptor group and menopausal state."""
    read = {
        name
        for c in (*snapshot.candidates, *snapshot.supportive)
        for held in (*c.never, *c.not_now)
        for name in fields_of(snapshot.trees[held.at])
    }
    numbers = [K.vocabulary[name] for name in sorted(read) if K.vocabulary[name].kind == "number"]
    kinds: dict[Any, dict[str, Any]] = {}
    for values in people_on(snapshot).states:
        if values.get("her2_positive") is False and values.get("endocrine_group"):
            kinds.setdefault((values["endocrine_group"], values.get("ovaries")), dict(values))
    for base in kinds.values():
        for one, two in combinations(numbers, 2):
            for first, second in product(points(one, K), points(two, K)):
                yield concluded({**base, one.id: first, two.id: second})


def test_the_limits_notice_nearly_every_wrong_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """At least 95 % of the mutants of each never and not-now rule and each of its limits are caught on a million states."""
    mutants = []
    for regulator in K.edition.regulators:
        snapshot = K.on(LAST, regulator)
        space = Space(min(STATES, 1_000_000), people_on(snapshot), K, 11)
        mutants += list(hunt(LEVELS, snapshot, Answers(snapshot, space), People(space)))
    caught, redundant = sum(m.caught for m in mutants), {f"{m.rule}: {m.what}" for m in mutants if m.redundant}
    survivors = {f"{m.rule}: {m.what}" for m in mutants if not m.caught and not m.redundant}
    with capsys.disabled():
        print(f"\n{len(mutants)} mutants, {caught} caught; survivors: {', '.join(sorted(survivors)) or 'none'}")
        print(f"{len(redundant)} change nothing because another rule says the same: {', '.join(sorted(redundant))}")
    assert caught >= 0.95 * sum(not m.redundant for m in mutants)
