"""Sequences: line after line on a state that moves, one sequence per strategy.

Comes in: a patient's facts and a snapshot. Goes out: `Sequence`s of planned `Line`s. The day stays frozen: a licence that
will be granted later is never used. Medians are read from one trial row each and never added up to a survival.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mbc_widgets.answered import Answered
from mbc_widgets.branches import Looked, Step, TestPoint, ask_all, looked_at, test_points, with_branches
from mbc_widgets.carried import carried
from mbc_widgets.eligibility import NEEDS_TEST, NOT_NOW, OFFERED, Option
from mbc_widgets.evidence import Row
from mbc_widgets.facts import Facts, after_running_line
from mbc_widgets.front import Front, may_be_planned
from mbc_widgets.knowledge import Snapshot
from mbc_widgets.merits import repeats_class
from mbc_widgets.openings import Openings
from mbc_widgets.records import Measure
from mbc_widgets.strategies import STRATEGIES, Strategy

MOST_LINES = 6
DRAWN = "drawn lines end"
MEANWHILE = "; meanwhile supportive and palliative care"
BESIDE = "; supportive and palliative care beside it"
MOVES = (
    "From line to line move: what was given and failed, line counts, resistance, months, doses, age, and what passes by then. ESR1 is asked"
    " anew. ECOG, frailty, weight, marrow, lungs, brain and the other markers stay as they are today."
)
SWITCH = "early-switch"  # begins while the line before still holds
MOST_FOR_COMFORT = 2  # for comfort, or with life limited by another illness, ask anew before a third line (judgement)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One planned line: its number since metastatic diagnosis, the option, and the trial row that gives its length.

    `share` is the percentage of people who start the first planned line that start this one; None without a cited share.
    `carried` says what earlier therapy leaves behind for it.
    """

    number: int
    option: Option
    row: Row | None
    share: float | None
    tests: tuple[TestPoint, ...]
    carried: tuple[str, ...] = ()

    @property
    def months(self) -> Measure | None:
        """Give the median time to progression with its interval, in months, or None when no figure was read."""
        return self.row.own if self.row else None


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """The lines that a strategy chooses, why it ends, and whether a wish of this patient asks for it."""

    strategy: Strategy
    lines: tuple[Line, ...]
    end: str
    asked_for: bool = False

    @property
    def regimens(self) -> tuple[str, ...]:
        """Give the ids of its regimens, line by line."""
        return tuple(line.option.regimen.id for line in self.lines)


def plan(
    facts: Facts, snapshot: Snapshot, strategies: tuple[str, ...] = tuple(STRATEGIES), *, branches: bool = True
) -> tuple[Sequence, ...]:
    """Give one sequence per usable strategy, up to six lines since metastatic diagnosis; tests with their `branches`.

    Strategies that choose alike share their fronts, up to the line at which they part.
    """
    known = Answered(facts, snapshot)
    switch = _switch_is_due(known)
    if not switch:
        facts = after_running_line(facts, snapshot.knowledge)
        known = Answered(facts, snapshot, known)
    start = Front(known, SWITCH if switch else "")  # an early switch: nothing else is due before progression
    usable = [STRATEGIES[name] for name in strategies if STRATEGIES[name].usable(facts)]
    usable[1:] = sorted(usable[1:], key=lambda strategy: not strategy.asked_for(facts))  # guideline order stays first
    lanes = [_Lane(strategy, start) for strategy in usable]
    for lane in lanes:
        while lane.end is None:
            lane.add()
    openings = Openings(snapshot)
    for lane in lanes if branches else ():
        lane.ask(openings)
    return tuple(lane.sequence(openings if branches else None) for lane in lanes)


def _switch_is_due(known: Answered) -> bool:
    """Say whether an early switch is chosen before progression on what runs now: one that no caution puts behind or last."""
    if not known.facts.values.get("agents_running"):
        return False
    now = known.options(OFFERED)
    switches = [option for option in now if SWITCH in option.regimen.groups and may_be_planned(option, known.facts)]
    return any(not repeats_class(o) and not o.count_of(o.candidate.puts_behind) for o in switches)


class _Lane:
    """A sequence while it grows: what may come after its last line, and the share of people who come that far."""

    def __init__(self, strategy: Strategy, front: Front) -> None:
        self.strategy, self.front = strategy, front
        facts = front.facts
        self.asked_for = strategy.asked_for(facts)
        self.lines: list[Line] = []
        self.steps: list[Step] = []
        self.looked: tuple[Looked, ...] = ()
        self.share: float | None = 100.0
        still_open = facts.values.get("_line_goes_on") or facts.values.get("_line_partners")
        behind = facts.values.get("metastatic_lines", 0) >= MOST_LINES and not still_open
        self.end: str | None = DRAWN if behind else None
        self.waiting: set[str] = set()

    def add(self) -> None:
        """Choose the next line, or say why there is none; whether it is a new one depends on what is chosen."""
        front, values = self.front, self.front.facts.values
        short = values.get("goal") == "comfort" or values.get("limited_life_expectancy")
        if short and len(self.lines) >= MOST_FOR_COMFORT:
            self.end = f"goals of care: talk before any further line{BESIDE}"
            return
        option = front.best(self.strategy)
        if option is None:
            self.end = _why_it_ends(front)
            return
        row, following = front.after(option)
        number = int(following.facts.values["metastatic_lines"])
        if number >= MOST_LINES:
            self.end = DRAWN
        if number > MOST_LINES:
            return
        waiting = front.listed(NEEDS_TEST, self.waiting)
        self.waiting |= {o.regimen.id for o in waiting}
        tests = test_points(waiting, front.snapshot)  # what waits since an earlier line was asked for there
        self.lines.append(
            Line(
                number=number,
                option=option,
                row=row,
                share=self.share,
                tests=tests,
                carried=carried(option, front.facts),
            )
        )
        self.steps.append(Step(number=number, option=option, front=front, points=tests))
        self.share = _next_share(self.share, number, front.facts, front.snapshot)
        self.front = following

    def ask(self, openings: Openings) -> None:
        """Note what the branches of its tests will want to know."""
        self.looked = looked_at(self.steps, openings.snapshot)
        ask_all(self.steps, self.looked, openings)

    def sequence(self, openings: Openings | None) -> Sequence:
        """Give what was chosen, with the branches of each test where these were asked for."""
        lines = tuple(self.lines)
        if openings:
            branched = with_branches(self.strategy, self.steps, self.looked, openings)
            lines = tuple(replace(line, tests=tests) for line, tests in zip(lines, branched, strict=True))
        return Sequence(strategy=self.strategy, lines=lines, end=self.end or DRAWN, asked_for=self.asked_for)


def _why_it_ends(front: Front) -> str:
    """Say what the next line waits for: a result, something to correct or decide, or nothing that a drug can give."""
    waiting = _usual(front.listed(NEEDS_TEST))
    if waiting:
        vocabulary = front.snapshot.knowledge.vocabulary
        counts = Counter(name for option in waiting for name in option.missing)
        names = [vocabulary[name].ask or vocabulary[name].label for name, _ in counts.most_common(2)]
        return f"waits for {' and '.join(names)}{MEANWHILE}"
    held = [rule.text for option in _usual(front.listed(NOT_NOW)) for rule in option.held_by]
    if held:
        return f"on hold: {' '.join(text for text, _ in Counter(held).most_common(2)).rstrip('.')}{MEANWHILE}"
    if front.facts.values.get("her2_positive"):
        return "outside this library: HER2-positive disease has drugs of its own"
    return "no further option: supportive and palliative care, or a clinical trial"


def _usual(options: Iterable[Option]) -> list[Option]:
    return [option for option in options if "tissue-agnostic" not in option.regimen.groups]


def alike(sequences: Iterable[Sequence]) -> list[list[int]]:
    """Give the places of sequences that are one lane: those with the same lines and the same end, in their order."""
    found: dict[tuple[object, ...], list[int]] = {}
    for index, sequence in enumerate(sequences):
        found.setdefault((sequence.regimens, sequence.end), []).append(index)
    return list(found.values())


def cohort_subtype(facts: Facts) -> str:
    """Give the subtype whose cohorts speak for a patient.

    ER of 1 to 10 % runs as ER-negative disease does (meta-analysis in early disease, doi 10.1016/j.esmoop.2021.100289).
    """
    return "hr_positive" if facts.values.get("endocrine_group") == "positive" else "triple_negative"


def _next_share(share: float | None, number: int, facts: Facts, snapshot: Snapshot) -> float | None:
    """Thin the lane by the cited share of people who go on from line `number`; None where none is cited."""
    subtype = cohort_subtype(facts)
    for cited in snapshot.knowledge.line_shares:
        if cited.subtype == subtype and cited.from_line == number:
            return None if share is None else share * cited.percent / 100
    return None
