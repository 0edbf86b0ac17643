"""Sequences: line after line on a state that moves, one sequence per strategy.

Comes in: a patient's facts and a snapshot. Goes out: `Sequence`s of planned `Line`s. The day stays frozen: a licence that
will be granted later is never used. Medians are read from one trial row each and never added up to a survival.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, OFFERED, Option, options_of_many
from mbc_widgets.evidence import Row, best
from mbc_widgets.facts import Facts, after, after_running_line
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.records import Measure
from mbc_widgets.strategies import STRATEGIES, Key, Strategy, heard

MOST_LINES = 6
TWICE = 2
SWITCH = "early-switch"  # begins while the line before still holds
MOST_FOR_COMFORT = 2  # a goal of comfort is asked anew before a third planned line (expert judgement)


@dataclass(frozen=True, kw_only=True)
class TestPoint:
    """A test that would open options at this point: the field, and the regimens that wait for it."""

    field: str
    unlocks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One planned line: its number since metastatic diagnosis, the option, and the trial row that gives its length.

    `share` is the percentage of people who start the first planned line that start this one; None without a cited share.
    """

    number: int
    option: Option
    row: Row | None
    share: float | None
    tests: tuple[TestPoint, ...]

    @property
    def months(self) -> Measure | None:
        """Give the median time to progression with its interval, in months, or None when no figure was read."""
        return self.row.own if self.row else None


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """The lines that a strategy chooses, and why it ends."""

    strategy: Strategy
    lines: tuple[Line, ...]
    end: str


def plan(facts: Facts, snapshot: Snapshot, strategies: tuple[str, ...] = tuple(STRATEGIES)) -> tuple[Sequence, ...]:
    """Give one sequence per usable strategy, up to six lines since metastatic diagnosis.

    The strategies move in step, so that the conditions of a line are answered for all of them at once.
    """
    facts = _from_here(facts, snapshot)
    lanes = [_Lane(STRATEGIES[name], facts) for name in strategies if STRATEGIES[name].usable(facts)]
    first = int(facts.values.get("metastatic_lines", 0)) + (0 if facts.values.get("_line_open") else 1)
    for number in range(first, MOST_LINES + 1):
        running = [lane for lane in lanes if lane.end is None]
        if not running:
            break
        states = list({id(lane.facts): lane.facts for lane in running}.values())  # lanes that agree so far share theirs
        listed = options_of_many(states, snapshot, (OFFERED, NEEDS_TEST, NOT_NOW))
        fronts = {id(state): _Front(found, state, snapshot) for state, found in zip(states, listed, strict=True)}
        for lane in running:
            lane.add(number, fronts[id(lane.facts)])
    return tuple(
        Sequence(strategy=lane.strategy, lines=tuple(lane.lines), end=lane.end or "drawn lines end") for lane in lanes
    )


def _from_here(facts: Facts, snapshot: Snapshot) -> Facts:
    """Give the state from which the next line is chosen: after progression on what runs now, unless a switch is due before it."""
    if not facts.values.get("_running"):
        return facts
    now = options_of_many([facts], snapshot, (OFFERED,))[0]
    due = any(SWITCH in option.regimen.groups for option in now)
    return facts if due else after_running_line(facts, snapshot.knowledge)


class _Front:
    """All that may come next in one state, asked once for every lane that stands there."""

    def __init__(self, listed: tuple[Option, ...], facts: Facts, snapshot: Snapshot) -> None:
        self.listed, self.facts, self.snapshot = listed, facts, snapshot
        offered = [option for option in listed if option.verdict == OFFERED]
        self.context = heard(offered)
        self.fresh = [(index, o) for index, o in enumerate(offered) if _may_be_planned(o, facts)]
        self._after: dict[str, tuple[Row | None, Facts]] = {}

    def best(self, strategy: Strategy) -> Option | None:
        """Give the option with the smallest key."""
        ranked = ((strategy.key(option, self.context), index, option) for index, option in self.fresh)
        found: tuple[Key, int, Option] | None = min(ranked, key=lambda item: item[:2], default=None)
        return found[2] if found else None

    def after(self, option: Option) -> tuple[Row | None, Facts]:
        """Give the row that tells how long `option` lasts, and the state after it."""
        name = option.regimen.id
        if name not in self._after:
            row = best(name, self.facts, self.snapshot)
            months = row.own.value if row and row.own else None
            self._after[name] = row, after(self.facts, option.regimen, months, self.snapshot.knowledge)
        return self._after[name]


class _Lane:
    """A sequence while it grows: the state after its last line, and the share of people who come that far."""

    def __init__(self, strategy: Strategy, facts: Facts) -> None:
        self.strategy, self.facts = strategy, facts
        self.lines: list[Line] = []
        self.share: float | None = 100.0
        self.end: str | None = None
        self.waiting: set[str] = set()

    def add(self, number: int, front: _Front) -> None:
        """Choose the next line, or say why there is none."""
        if self.facts.values.get("goal") == "comfort" and len(self.lines) >= MOST_FOR_COMFORT:
            self.end = "goals of care: talk before any further line"
            return
        option = front.best(self.strategy)
        if option is None:
            self.end = _why_it_ends(front.listed, front.snapshot)
            return
        waiting = [o for o in front.listed if o.verdict == NEEDS_TEST and o.regimen.id not in self.waiting]
        self.waiting |= {o.regimen.id for o in waiting}
        tests = test_points(waiting, front.snapshot)  # what waits since an earlier line was asked for there
        row, following = front.after(option)
        self.lines.append(Line(number=number, option=option, row=row, share=self.share, tests=tests))
        self.share = _next_share(self.share, number, self.facts, front.snapshot)
        self.facts = following


def _may_be_planned(option: Option, facts: Facts) -> bool:
    """Say whether an offered option is more than a repetition: a drug that failed or was not tolerated is not planned again."""
    values = facts.values
    failed = values.get("agents_progressed_on", frozenset()) | values.get("agents_not_tolerated", frozenset())
    agents = option.snapshot.knowledge.agents
    again = any(
        agent in failed and agents[agent].drug_class != "ovarian_suppression" for agent in option.regimen.agents
    )
    return not again and not _endocrine_exhausted(option, facts) and not _late_checkpoint_inhibitor(option, facts)


def _why_it_ends(listed: tuple[Option, ...], snapshot: Snapshot) -> str:
    """Say what the next line waits for: a result, something to correct or decide, or nothing that a drug can give."""
    usual = [option for option in listed if "tissue-agnostic" not in option.regimen.groups]
    waiting = [option for option in usual if option.verdict == NEEDS_TEST]
    if waiting:
        vocabulary = snapshot.knowledge.vocabulary
        counts = Counter(name for option in waiting for name in option.missing)
        names = [vocabulary[name].ask or vocabulary[name].label for name, _ in counts.most_common(2)]
        return f"waits for {' and '.join(names)}"
    held = [rule.text for option in usual if option.verdict == NOT_NOW for rule in option.held_by]
    if held:
        return f"on hold: {Counter(held).most_common(1)[0][0]}"
    return "no further option: supportive and palliative care, or a clinical trial"


def _late_checkpoint_inhibitor(option: Option, facts: Facts) -> bool:
    """No PD-(L)1 combination beyond the first line: KEYNOTE-355, IMpassion130 and ASCENT-04 treated the first only."""
    return "pd1-combination" in option.regimen.groups and facts.values.get("metastatic_lines", 0) > 0


def _endocrine_exhausted(option: Option, facts: Facts) -> bool:
    """No plain endocrine line after three failures, nor after two with an early one or without a guideline (judgement)."""
    failures = facts.values.get("endocrine_lines_progressed", 0)
    if "endocrine-alone" not in option.regimen.groups or failures < TWICE:
        return False
    return failures > TWICE or not option.statements or facts.values.get("endocrine_resistance_worst") == "primary"


def test_points(listed: Iterable[Option], snapshot: Snapshot) -> tuple[TestPoint, ...]:
    """Give the tests that would open an option: first those on which a guideline's option waits, then rare markers."""
    vocabulary = snapshot.knowledge.vocabulary
    unlocks: dict[str, list[Option]] = {}
    for option in listed:
        if option.verdict == NEEDS_TEST:
            for name in option.missing:
                if vocabulary[name].changes == "test":
                    unlocks.setdefault(name, []).append(option)
    ordered = sorted(unlocks.items(), key=lambda item: (min(map(_weight_of_test, item[1])), -len(item[1])))
    return tuple(TestPoint(field=name, unlocks=tuple(o.regimen.id for o in waiting)) for name, waiting in ordered)


def _weight_of_test(option: Option) -> int:
    """Order what waits for a test: backed by a guideline, licensed for this tumour, a rare marker of any tumour."""
    if "tissue-agnostic" in option.regimen.groups:
        return 2
    return 0 if option.statements or option.statements_open else 1


def _next_share(share: float | None, number: int, facts: Facts, snapshot: Snapshot) -> float | None:
    """Thin the lane by the cited share of people who go on from line `number`; None where none is cited."""
    subtype = "triple_negative" if facts.values.get("endocrine_group") == "negative" else "hr_positive"
    for cited in snapshot.knowledge.line_shares:
        if cited.subtype == subtype and cited.from_line == number:
            return None if share is None else share * cited.percent / 100
    return None
