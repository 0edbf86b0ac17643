"""A candidate sequence as the pictures of outcomes name it: the letter of the board, its lines in words, its simulated people."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from mbc_widgets.eligibility import Option
from mbc_widgets.figures import words
from mbc_widgets.figures.board import LETTERS
from mbc_widgets.knowledge import Knowledge
from mbc_widgets.records import Regimen
from mbc_widgets.sequences import DRAWN, Line, Sequence, alike
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.kernel import Lives
from mbc_widgets.simulate.outcomes import EVERYBODY
from mbc_widgets.simulate.view import Lane, Simulation
from mbc_widgets.survival import AT_FIRST_SCAN
from mbc_widgets.workbook import View


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One sequence: its letter on the board, the plan, and the lane that was simulated from it."""

    letter: str
    lane: Lane = field(repr=False)
    sequence: Sequence = field(repr=False)
    knowledge: Knowledge = field(repr=False)

    @property
    def lives(self) -> Lives:
        """Give the people who lived it, by the first structure."""
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
        """Give "line 2, elacestrant" for each line."""
        return tuple(f"line {line.number}, {name}" for line, name in zip(self.lines, self.names, strict=True))

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

    def turned(self, at: int) -> list[dict[str, Any]]:
        """Give the regimens that a test result opens in place of a line, with the percent of those who start it."""
        forks = self.course.lines[at].forks
        if not forks:
            return []
        started = self.lives.forked[at][~np.isnan(self.lives.begins[at])]
        counts = np.bincount(started, minlength=len(forks) + 1)[1:]
        found: dict[str, float] = {}
        for fork, count in zip(forks, counts, strict=True):
            found[fork.name] = found.get(fork.name, 0.0) + EVERYBODY * float(count) / max(started.size, 1)
        return [{"name": self.name(name), "percent": round(percent)} for name, percent in found.items()]

    def regimen_of(self, at: int, person: int) -> str:
        """Give the regimen that one person has on a line: the planned one, or what a test result opened."""
        line, fork = self.course.lines[at], int(self.lives.forked[at, person])
        return line.forks[fork - 1].name if fork else line.name

    def options(self, at: int) -> tuple[Option, ...]:
        """Give the options of a line: the planned one, then those that its forks turn to, in their order."""
        branches = {
            branch.option.regimen.id: branch.option
            for line in self.lines
            for point in line.tests
            for branch in point.branches
        }
        forks = (branches[fork.name] for fork in self.course.lines[at].forks)
        return (self.lines[at].option, *forks)

    @property
    def early(self) -> str:
        """Say that the plan ends before its last possible line and what that means for its survival; else nothing."""
        if self.sequence.end == DRAWN:
            return ""
        last = self.lines[-1].number
        return (
            f"{self.letter} ends after line {last} ({self.sequence.end}). The model lets no line follow there, so that its"
            " shorter survival is an assumption and no finding."
        )

    @property
    def first_scans(self) -> str:
        """Name the lines whose median is that of the first scan; nothing when there is none."""
        found = [
            label
            for label, line in zip(self.labels, self.course.lines, strict=True)
            if AT_FIRST_SCAN in line.curve.notes
        ]
        if not found:
            return ""
        return (
            f"Median equal to the first scan ({'; '.join(found)}): half had progressed when somebody first looked, and a few"
            " run long. The shape of such a curve is not known."
        )

    def _regimen(self, regimen: str) -> Regimen:
        return self.knowledge.regimens[regimen]


def candidates(view: View, simulation: Simulation) -> tuple[Candidate, ...]:
    """Give the simulated sequences with the letters of the board; none outside the scope of the workbook."""
    if view.facts.values.get("her2_positive"):
        return ()
    lanes = {lane.strategy: lane for lane in simulation.lanes}
    found = [
        (letter, view.sequences[indexes[0]]) for letter, indexes in zip(LETTERS, alike(view.sequences), strict=False)
    ]
    return tuple(
        Candidate(letter=letter, lane=lanes[s.strategy.id], sequence=s, knowledge=view.snapshot.knowledge)
        for letter, s in found
        if s.strategy.id in lanes
    )
