"""Test points and their branches: what a result would open, how often it is found, and where a sequence then turns.

Comes in: the steps of a sequence, each with the front it was chosen from. Goes out: `TestPoint`s with `Branch`es. A branch is
the first line at which the strategy would take another regimen if the test showed this result.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from mbc_widgets.conditions import PRESENT, Tree, holds
from mbc_widgets.eligibility import NEEDS_TEST, Option
from mbc_widgets.facts import Facts
from mbc_widgets.front import Front
from mbc_widgets.knowledge import Knowledge, Snapshot
from mbc_widgets.neighbours import other_states, thresholds
from mbc_widgets.openings import Openings
from mbc_widgets.ranking import Heard
from mbc_widgets.records import ResultShare
from mbc_widgets.strategies import Strategy

MOST_TESTS = 5  # with branches, at one line: the results that cohorts found most often first
MARKERS = frozenset({"her2_state", "her2_low", "her2_ultralow", "pd1_candidate"})  # beside the group of biomarkers
RARE = 2  # the weight of a marker of any tumour: nobody plans on it, and no cohort of breast cancers was read


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A result of a test, its cited share (None where no cohort was read), and the line and option to which it turns a sequence."""

    shows: Tree
    share: ResultShare | None
    line: int
    option: Option


@dataclass(frozen=True, kw_only=True)
class TestPoint:
    """A test that would open options at this point: the field, the regimens that wait for it, and where a result leads.

    `again` says that an older result is known and the test is worth repeating; `rare` that only drugs for a rare marker wait.
    """

    field: str
    unlocks: tuple[str, ...]
    rare: bool = False
    branches: tuple[Branch, ...] = ()
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """One planned line of a sequence: its number, the option, the front that it was chosen from, and the tests due there."""

    number: int
    option: Option
    front: Front
    points: tuple[TestPoint, ...]


Looked = tuple[tuple[TestPoint, tuple[Tree, ...]], ...]  # tests at one step, each with the results that it can show


def test_points(listed: Iterable[Option], snapshot: Snapshot) -> tuple[TestPoint, ...]:
    """Give the tests that would open an option: first those on which a guideline's option waits, then rare markers."""
    vocabulary = snapshot.knowledge.vocabulary
    unlocks: dict[str, list[Option]] = {}
    for option in listed:
        if option.verdict == NEEDS_TEST:
            for name in option.missing:
                if vocabulary[name].changes == "test":
                    unlocks.setdefault(name, []).append(option)
    weights = {name: min(map(_weight_of_test, waiting)) for name, waiting in unlocks.items()}
    ordered = sorted(unlocks, key=lambda name: (weights[name], -len(unlocks[name])))
    return tuple(
        TestPoint(field=name, unlocks=tuple(o.regimen.id for o in unlocks[name]), rare=weights[name] == RARE)
        for name in ordered
    )


def _weight_of_test(option: Option) -> int:
    """Order what waits for a test: backed by a guideline, licensed for this tumour, a rare marker of any tumour."""
    if "tissue-agnostic" in option.regimen.groups:
        return RARE
    return 0 if option.statements_heard or option.statements_open else 1


def looked_at(steps: Sequence[Step], snapshot: Snapshot) -> tuple[Looked, ...]:
    """Give, for each step, the tests that are looked at in it, each with its possible results: those due, then those to repeat."""
    cited, before, found = _most_often(snapshot.knowledge), list[ResultShare](), []
    for step in steps:
        markers = [p for p in step.points if not p.rare and _is_marker(p.field, snapshot)]
        markers.sort(key=lambda point: -cited.get(point.field, 0))
        repeated = _repeated(step.front.facts, snapshot)
        again = [share for share in repeated if share not in before]
        due = [(point, _results(point.field, snapshot.knowledge)) for point in markers[:MOST_TESTS]]
        due += [(TestPoint(field=share.shows[1], unlocks=(), again=True), (share.shows,)) for share in again]
        found.append(tuple(due))
        before = repeated
    return tuple(found)


def ask_all(steps: Sequence[Step], looked: Sequence[Looked], openings: Openings) -> None:
    """Note every result that the branches of a sequence will want."""
    for index, tests in enumerate(looked):
        for _, results in tests:
            for later in steps[index:]:
                for shows in results:
                    openings.ask(later.front, shows)


def with_branches(
    strategy: Strategy, steps: Sequence[Step], looked: Sequence[Looked], openings: Openings
) -> Iterator[tuple[TestPoint, ...]]:
    """Give the test points of each step with their branches; a test worth repeating is added where a result turns the sequence."""
    for index, step in enumerate(steps):
        found = {point.field: point for point in step.points}
        for point, results in looked[index]:
            branches = tuple(_turns(strategy, steps[index:], results, openings))
            if branches:
                unlocks = point.unlocks or tuple(dict.fromkeys(branch.option.regimen.id for branch in branches))
                found[point.field] = replace(point, branches=branches, unlocks=unlocks)
        yield tuple(found.values())


@cache
def _most_often(knowledge: Knowledge) -> Mapping[str, float]:
    """Give, for each test, the percentage of the result that a cohort found most often."""
    cited: dict[str, float] = {}
    for share in knowledge.result_shares:
        cited[share.shows[1]] = max(share.percent, cited.get(share.shows[1], 0))
    return cited


def _is_marker(name: str, snapshot: Snapshot) -> bool:
    """Say whether a result opens drugs and leaves the pathway as it is; another receptor group would begin another plan."""
    return name in MARKERS or snapshot.knowledge.vocabulary[name].group == "biomarkers"


@cache
def _results(name: str, knowledge: Knowledge) -> tuple[Tree, ...]:
    """Give the results that a test can show, each as the atom that it makes true."""
    entry = knowledge.vocabulary[name]
    states = other_states(entry, None, thresholds(knowledge).get(name, ()))
    number = entry.kind == "number"
    return tuple(("at_least", name, state) if number else ("is", name, (state,)) for state in states)


def _repeated(facts: Facts, snapshot: Snapshot) -> list[ResultShare]:
    """Give the cited results that may come after the older one that is known here."""
    values = facts.values
    return [
        share
        for share in snapshot.knowledge.result_shares
        if share.again
        and values.get(share.shows[1]) is not None
        and holds(share.shows, values) is False
        and holds(share.when, values) is True
    ]


def _turns(strategy: Strategy, steps: Sequence[Step], results: Iterable[Tree], openings: Openings) -> Iterator[Branch]:
    """Give, for each result, the first line that it turns; of several limits of one score that do the same, the lowest."""
    seen: set[tuple[int, str]] = set()
    for shows in results:
        for step in steps:
            better = _better(strategy, step, *openings.fresh(step.front, shows))
            if better is None or (better.regimen.backbone == "chemotherapy" and _absent(shows, openings.snapshot)):
                continue  # a result that shows nothing chooses no chemotherapy
            turn = step.number, better.regimen.id
            if turn not in seen:
                seen.add(turn)
                share = _share(shows, steps[0].front.facts, openings.snapshot)
                yield Branch(shows=shows, share=share, line=step.number, option=better)
            break


def _better(strategy: Strategy, step: Step, fresh: tuple[Option, ...], context: Heard) -> Option | None:
    """Give the option that the strategy would take before the one of this step."""
    if not fresh:
        return None
    now = next((option for option in fresh if option.regimen.id == step.option.regimen.id), step.option)
    found = strategy.first_of((now, *fresh), context)  # of equals the one that is taken now
    return None if found is now else found


def _absent(shows: Tree, snapshot: Snapshot) -> bool:
    """Say whether a result finds nothing: another state than a finding, or a score one below a limit that somebody asks for."""
    if shows[0] == "is":
        return not PRESENT.intersection(shows[2])
    return shows[2] + 1 in thresholds(snapshot.knowledge).get(shows[1], ())


def _share(shows: Tree, facts: Facts, snapshot: Snapshot) -> ResultShare | None:
    """Give the first cited share of this result in a cohort like this patient."""
    values = facts.values
    fitting = (s for s in snapshot.knowledge.result_shares if s.shows == shows and s.unless_known not in values)
    return next((s for s in fitting if holds(s.when, values) is True), None)
