"""The simulation of a view: every candidate sequence, simulated on the same people, by each structure.

Comes in: a `View`. Goes out: a `Simulation`, from which the figures, their tables and sentences are drawn. The board is drawn without it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from mbc_widgets.records import CohortFigure
from mbc_widgets.sequences import DRAWN, alike, cohort_subtype
from mbc_widgets.simulate.build import course_of, errors_of
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.kernel import Lives, simulate, survival_times
from mbc_widgets.simulate.paths import paths_of
from mbc_widgets.simulate.prognosis import remarks, withheld
from mbc_widgets.simulate.uncertainty import DRAWS, PEOPLE, Draws, Errors, Verdict, compare, parameter_draws, undecided
from mbc_widgets.workbook import View

SIZE, SEED = 20_000, 2012
LIMITS = (
    "Built from published medians, not from the data of patients. It shows what the literature implies for a group like this and"
    " is no forecast for a person. What follows progression is known from few trials; elsewhere it is assumed."
)


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One sequence: its strategy, its course by each structure, and the people who lived it by the first structure.

    `ends_early`: the plan stops before six lines, so that survival after it is an assumption and no answer.
    """

    strategy: str
    label: str
    courses: Mapping[str, Course] = field(repr=False)
    errors: Errors = field(repr=False)
    seed: int
    size: int
    ends_early: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Give the regimens of its lines."""
        return tuple(line.name for line in self.course.lines)

    @property
    def course(self) -> Course:
        """Give the course by the first structure of the model."""
        return next(iter(self.courses.values()))

    @cached_property
    def lives(self) -> Lives:
        """Give the people who lived it, by the first structure."""
        return simulate(self.course, self.size, self.seed)

    @cached_property
    def medians(self) -> dict[str, float]:
        """Give the median survival in months by each structure."""
        return {
            name: round(float(np.median(survival_times(course, self.size, self.seed))), 1)
            for name, course in self.courses.items()
        }

    def draws(
        self,
        months: Sequence[float],
        *,
        draws: int = DRAWS,
        people: int = PEOPLE,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Draws:
        """Give the outcome of each parameter draw; paired with that of any other lane. `on_progress` hears (done, in all)."""
        return parameter_draws(
            self.course, self.errors, months, draws=draws, people=people, seed=self.seed, on_progress=on_progress
        )


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """The candidate sequences of a view that differ, each with its simulated people; the same people in all.

    `contradicted`: structures that say of such patients what a cohort denies, with its figure; they have no voice in a verdict.
    `remarks`: what the simulation leaves out for this patient.
    """

    lanes: tuple[Lane, ...]
    limits: str = LIMITS
    withheld: str = ""  # why nothing is simulated for such a patient
    contradicted: Mapping[str, CohortFigure] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def compare(self, first: int, second: int, *, draws: int = DRAWS, people: int = PEOPLE) -> Verdict:
        """Say what may be said of two lanes: which lives longer in the model and by how much, or that nobody can tell.

        Raises:
            IndexError: no such lane.

        """
        one, two = self.lanes[first], self.lanes[second]
        heard = [name for name in one.medians if name not in self.contradicted]
        apart = {name: round(two.medians[name] - one.medians[name], 1) for name in heard}
        if one.ends_early or two.ends_early:
            return undecided(apart)
        drawn = [lane.draws((), draws=draws, people=people) for lane in (one, two)]
        return compare(drawn[0], drawn[1], apart)


def simulated(view: View, *, size: int = SIZE, seed: int = SEED) -> Simulation:
    """Give the simulation of a view: `size` people on each sequence, drawn once and put on all of them.

    Sequences with the same lines and the same end are one lane, as on the board. For patients whom no cohort holds there is no
    lane, and `withheld` says why.

    Raises:
        ValueError: nobody, or a negative seed.

    """
    model = view.snapshot.knowledge.model
    if why := withheld(view.facts, model):
        return Simulation(lanes=(), withheld=why)
    lanes = tuple(_lane(view, indexes[0], size, seed) for indexes in planned(view))
    return Simulation(lanes=lanes, contradicted=contradicted(view), remarks=remarks(view.facts, model))


def contradicted(view: View) -> dict[str, CohortFigure]:
    """Give the structures of the model that a cohort denies for patients like this one, each with the figure that does."""
    model, subtype = view.snapshot.knowledge.model, cohort_subtype(view.facts)
    first = min((s.lines[0].number for s in view.sequences if s.lines), default=1)
    return {
        structure.id: model.figures[each.figure]
        for structure in model.structures.values()
        for each in structure.contradicted
        if each.subtype == subtype and first >= each.from_line
    }


def planned(view: View) -> list[list[int]]:
    """Give the places of the sequences to simulate, those of one lane together: none for patients whom no cohort holds."""
    if withheld(view.facts, view.snapshot.knowledge.model):
        return []
    return [indexes for indexes in alike(view.sequences) if view.sequences[indexes[0]].lines]


def _lane(view: View, index: int, size: int, seed: int) -> Lane:
    sequence, structures = view.sequences[index], view.snapshot.knowledge.model.structures
    paths = paths_of(sequence)
    return Lane(
        strategy=sequence.strategy.id,
        label=sequence.strategy.label,
        courses={name: course_of(paths, view.facts, view.snapshot, name) for name in structures},
        errors=errors_of(paths, view.facts, view.snapshot, next(iter(structures))),
        seed=seed,
        size=size,
        ends_early=sequence.end != DRAWN,
    )
