"""Whole sequences of drawn patients: no planned line leaves a safe state, repeats what failed, or ends without a word.

The limits are those written by hand (never.py, not_now.py), asked in the state of each planned line. `make space` walks a
million sequences, CI some thousand.
"""

import os
import random
import resource
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from mbc_widgets.conditions import StatePlanes
from mbc_widgets.facts import Facts
from mbc_widgets.facts.derive import concluded
from mbc_widgets.knowledge import Candidate, Snapshot
from mbc_widgets.sequences import MOST_LINES, Line, Sequence, plan
from tests.space.drawing import POOLED, points
from tests.space.limits import Limit, People
from tests.space.test_space import K, people_on, turning_days
from tests.space.walk import SUPPRESSION, closed_by, concerns

SEQUENCES = int(os.environ.get("MBC_SEQUENCES", "8000"))
CHUNK = 250  # patients; one task of a worker
A_PLAN = 4  # sequences, at least, on the mean; only to know how many patients to draw
PD1_COMBINATIONS = frozenset({
    "pembrolizumab+nab-paclitaxel", "pembrolizumab+paclitaxel", "pembrolizumab+gemcitabine+carboplatin",
    "sacituzumab-govitecan+pembrolizumab", "atezolizumab+nab-paclitaxel",
})  # fmt: skip
USUAL = 0.95  # of a finding at its usual state, so that most patients can be planned for
FEW_LINES = 2
OPEN_SHARE = 0.9  # of patients who can be planned for at all: known receptors, few lines so far


def drawn(count: int, seed: int, snapshot: Snapshot) -> Iterator[Facts]:
    """Give patients of the pool with every free finding drawn beside them, conclusions drawn anew."""
    r = random.Random(seed)  # noqa: S311 - test data
    everybody = people_on(snapshot).states
    open_to_plans = [values for values in everybody if _can_be_planned_for(values)]
    free = [f for f in K.vocabulary.values() if not f.derived and f.id not in POOLED and f.kind != "set"]
    for _ in range(count):
        values: dict[str, Any] = dict(r.choice(open_to_plans if r.random() < OPEN_SHARE else everybody))
        for entry in free:
            if r.random() < USUAL:
                continue
            if entry.kind == "number":
                values[entry.id] = r.choice(points(entry, K))
            elif entry.kind == "flag":
                values[entry.id] = r.random() < 0.5
            else:
                values[entry.id] = r.choice(sorted(entry.states))
        yield Facts(values=concluded(values))


def _can_be_planned_for(values: Mapping[str, Any]) -> bool:
    early = values.get("metastatic_lines", 0) <= FEW_LINES and values.get("pregnancy") == "not_pregnant"
    return early and values.get("her2_positive") is False and values.get("endocrine_group") is not None


@cache
def limits_of(snapshot: Snapshot) -> Mapping[str, tuple[Limit, ...]]:
    """Give, by regimen, the limits written by hand that are about it on this day."""
    from tests.space.never import NEVER
    from tests.space.not_now import NOT_NOW

    every = (*NEVER, *NOT_NOW)
    return {c.regimen.id: tuple(x for x in every if concerns(x, c, snapshot)) for c in snapshot.candidates}


def faults(sequence: Sequence, snapshot: Snapshot) -> Iterator[str]:
    """Give every way in which a sequence breaks an invariant."""
    numbers = [line.number for line in sequence.lines]
    if (
        numbers != list(range(numbers[0], numbers[0] + len(numbers)) if numbers else [])
        or max(numbers, default=1) > MOST_LINES
    ):
        yield f"lines are numbered {numbers}"
    if not sequence.end:
        yield "it ends without a word"
    for line in sequence.lines:
        yield from _faults_of(line, snapshot)


def _faults_of(line: Line, snapshot: Snapshot) -> Iterator[str]:
    values, regimen = line.option.facts.values, line.option.regimen
    failed = values.get("agents_progressed_on", frozenset()) | values.get("agents_not_tolerated", frozenset())
    if (set(regimen.agents) - SUPPRESSION) & failed:
        yield f"{regimen.id} holds a drug that failed or was not tolerated"
    if regimen.id in PD1_COMBINATIONS and values.get("metastatic_lines_beyond_endocrine", 0) > 0:
        yield f"{regimen.id} after chemotherapy for metastases"
    people: Any = People(StatePlanes(values))  # type: ignore[arg-type] - one state instead of a space
    candidate: Candidate = line.option.candidate
    limits = limits_of(snapshot)[regimen.id]
    if closed_by(limits, candidate, snapshot, people):
        broken = [limit.rule for limit in limits if limit.closes(people)]
        yield f"line {line.number}, {regimen.id}: closed by {', '.join(broken)}"
    for licence in line.option.licences:
        if (licence.granted or "") > snapshot.day:
            yield f"{regimen.id} is planned on {snapshot.day}, licensed on {licence.granted}"


def walk(number: int) -> tuple[int, int, list[str]]:
    """Give (sequences, lines, faults) of one chunk of patients."""
    days = turning_days()
    snapshot = K.on(*days[(number * 7) % len(days)])
    sequences = lines = 0
    found: list[str] = []
    for state in drawn(CHUNK, number, snapshot):
        for sequence in plan(state, snapshot, branches=False):
            sequences += 1
            lines += len(sequence.lines)
            found += [
                f"{snapshot.day} {snapshot.regulator} {sequence.strategy.id}: {f}" for f in faults(sequence, snapshot)
            ]
    return sequences, lines, found


def test_no_planned_line_leaves_a_safe_state_or_repeats_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    start = time.monotonic()
    sequences = lines = chunks = 0
    broken: list[str] = []
    with ProcessPoolExecutor(max_workers=2) as workers:
        waiting = max(2, SEQUENCES // (CHUNK * A_PLAN))
        while sequences < SEQUENCES:
            for found in workers.map(walk, range(chunks, chunks + waiting)):
                sequences, lines, broken = sequences + found[0], lines + found[1], [*broken, *found[2]][:20]
            chunks += waiting
            waiting = 2
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    with capsys.disabled():
        print(
            f"\n{sequences:,} sequences, {lines:,} lines in {time.monotonic() - start:.0f} s, {memory:.0f} MB a worker"
        )
    assert not broken


def test_the_walk_notices_a_line_that_leaves_a_safe_state() -> None:
    """The same line in a state that a limit closes, after its own drug had failed, or after a first line: each is told."""
    snapshot = K.on(K.edition.current_day, "FDA")
    sequences = [q for state in drawn(60, 1, snapshot) for q in plan(state, snapshot, branches=False) if q.lines]
    wrong: tuple[dict[str, Any], ...] = (
        {"pregnancy": "first_trimester"},
        {"agents_not_tolerated": frozenset(K.agents)},
        {"performance_status": 4},
    )
    for changes in wrong:
        noticed = 0
        for sequence in sequences:
            line = sequence.lines[0]
            option = replace(line.option, facts=line.option.facts.put(changes))
            noticed += any(faults(replace(sequence, lines=(replace(line, option=option),)), snapshot))
        assert noticed > len(sequences) / 2, changes
