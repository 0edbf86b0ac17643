"""A candidate sequence as the pictures of outcomes name it: the letter of the board, its lines in words, its simulated people."""

from collections.abc import Mapping
from collections.abc import Sequence as Listed
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mbc_widgets.eligibility import Option
from mbc_widgets.figures import words
from mbc_widgets.figures.board import LETTERS
from mbc_widgets.figures.outcomes.frame import listed
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import CohortFigure, Regimen
from mbc_widgets.sequences import Line, Sequence, alike
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.exits import EVERYBODY
from mbc_widgets.simulate.people import People, taken
from mbc_widgets.simulate.view import Lane, Simulation
from mbc_widgets.survival import AT_FIRST_SCAN
from mbc_widgets.workbook import View

if TYPE_CHECKING:
    from mbc_widgets.simulate.kernel import Lives


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One sequence: its letter on the board, the plan, and the lane that was simulated from it."""

    letter: str
    lane: Lane = field(repr=False)
    sequence: Sequence = field(repr=False)
    knowledge: Knowledge = field(repr=False)
    contradicted: Mapping[str, CohortFigure] = field(default_factory=dict, repr=False)  # by structure
    after: str = ""  # the line that runs now, in words, where the first line shown is the one after it

    @property
    def people(self) -> People:
        """Give the people who lived it, by the first structure."""
        return self.lane.people

    @property
    def lives(self) -> "Lives":
        """Give their lives in arrays, where NumPy simulates."""
        return self.lane.lives

    @property
    def course(self) -> Course:
        """Give its course by the first structure."""
        return self.lane.course

    @property
    def lines(self) -> tuple[Line, ...]:
        """Give its planned lines."""
        return self.sequence.lines

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Give the regimens of its lines in words."""
        return tuple(self.name(line.option.regimen.id) for line in self.lines)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Give "line 3, trastuzumab deruxtecan or elacestrant by test" for each line."""
        return tuple(f"line {mark['number']}, {mark['called']}" for mark in self.taken_marks)

    def name(self, regimen: str) -> str:
        """Give a regimen in words."""
        return words.name(self._regimen(regimen), self.knowledge)

    def marks(self) -> list[dict[str, Any]]:
        """Give number, name, short name and colour of each line, as the drawings use them."""
        return [{"number": line.number, **self.mark(line.option.regimen.id)} for line in self.lines]

    def mark(self, regimen: str) -> dict[str, str]:
        """Give name, short name and colour of a regimen."""
        found = self._regimen(regimen)
        short = words.short_name(found, self.knowledge)
        return {"name": words.name(found, self.knowledge), "short": short, "palette": found.palette}

    @cached_property
    def taken_marks(self) -> tuple[dict[str, Any], ...]:
        """Give the marks of the lines; `called` and `called_short` also name what a test result puts in a regimen's place."""
        return tuple({**mark, **self._called(at)} for at, mark in enumerate(self.marks()))

    def told(self, at: int, counts: Listed[int], total: int) -> str:
        """Give "line 3 (34 trastuzumab deruxtecan, 15 elacestrant by test)"; one regimen alone needs no count.

        `counts`: people by the place of their path, in whose proportion the total is told.
        """
        planned, label = self.course.lines[at].name, f"line {self.lines[at].number}"
        found = {name: count for name, count in taken(counts, self.course, at, total).items() if count}
        if len(found) < 2:  # noqa: PLR2004 - one, or nobody
            alone = next(iter(found), planned)
            return f"{label} ({self.name(alone)}{'' if alone == planned else ' by test'})"
        parts = (f"{count} {self.name(name)}{'' if name == planned else ' by test'}" for name, count in found.items())
        return f"{label} ({', '.join(parts)})"

    @property
    def tested(self) -> bool:
        """Say whether a test result changes the regimen of somebody."""
        return bool(self.course.turns)

    @property
    def regimens(self) -> tuple[tuple[str, ...], ...]:
        """Give the regimens by path: those planned, then what sets of test results bring in their place."""
        return tuple(tuple(line.name for line in path.lines) for path in self.course.paths)

    def options(self, at: int) -> tuple[Option | None, ...]:
        """Give the option on a line by the place of each person's path; None where a path has no such line."""
        return tuple(lines[at].option if at < len(lines) else None for lines in self.lane.paths.lines)

    @property
    def early(self) -> str:
        """Say that the plan ends before its last possible line and what that means for its survival; else nothing."""
        if not self.lane.ends_early:
            return ""
        last = self.lines[-1].number
        return (
            f"{self.letter} ends after line {last} ({self.sequence.end}). The model lets no line follow there, so that its"
            " survival is an assumption and no finding."
        )

    @property
    def first_scans(self) -> str:
        """Name the lines whose median is that of the first scan; nothing when there is none."""
        found = [
            f"line {planned.number}, {name}"
            for planned, name, line in zip(self.lines, self.names, self.course.lines, strict=True)
            if AT_FIRST_SCAN in line.curve.notes
        ]
        if not found:
            return ""
        return (
            f"Median equal to the first scan ({'; '.join(found)}): half had progressed when somebody first looked, and a few"
            " run long. The shape of such a curve is not known."
        )

    @property
    def running(self) -> str:
        """Say what of the line that runs now is not in the months of this sequence; nothing when none runs."""
        return f"What is left of {self.after}, which runs now, is not in these months." if self.after else ""

    def _called(self, at: int) -> dict[str, str]:
        """Give the names of what is taken on a line by one person in a hundred or more."""
        planned = self.course.lines[at].name
        names = taken(self.people.starting(at), self.course, at, EVERYBODY)
        others = [self.mark(name) for name, count in names.items() if count and name != planned]
        own = self.mark(planned)
        if not others:
            return {"called": own["name"], "called_short": own["short"]}
        long, short = ([other[key] for other in others] for key in ("name", "short"))
        return {
            "called": f"{own['name']} or {listed(long, 'or')} by test",
            "called_short": f"{own['short']} or {listed(short, 'or')}",
        }

    def _regimen(self, regimen: str) -> Regimen:
        return self.knowledge.regimens[regimen]


def candidates(view: View, simulation: Simulation) -> tuple[Candidate, ...]:
    """Give the simulated sequences with the letters of the board; none outside the scope of the workbook."""
    if view.facts.values.get("her2_positive"):
        return ()
    lanes = {lane.strategy: lane for lane in simulation.lanes}
    known, after = view.snapshot.knowledge, _running(view)
    found = [
        (letter, view.sequences[indexes[0]]) for letter, indexes in zip(LETTERS, alike(view.sequences), strict=False)
    ]
    return tuple(
        Candidate(
            letter=letter,
            lane=lanes[s.strategy.id],
            sequence=s,
            knowledge=known,
            contradicted=simulation.contradicted,
            after=after,
        )
        for letter, s in found
        if s.strategy.id in lanes
    )


def _running(view: View) -> str:
    """Give the line that runs now in words; nothing where none runs, or where the first line shown takes its place."""
    running = view.facts.values.get("agents_running") or ()
    firsts = [sequence.lines[0].option.facts.values for sequence in view.sequences if sequence.lines]
    if not running or any(values.get("agents_running") for values in firsts):
        return ""
    agents = view.snapshot.knowledge.agents
    return " + ".join(agents[name].name for name in sorted(running))
