"""The simulation of a view: every candidate sequence, simulated on the same people, by each structure.

Comes in: a `View`. Goes out: a `Simulation`, from which the figures, their tables and sentences are drawn. The board is drawn without
it. A lane builds a course and simulates people when they are first asked for, and keeps them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, hypot
from typing import TYPE_CHECKING, Any

from mbc_widgets.records import CohortFigure
from mbc_widgets.sequences import DRAWN, alike, cohort_subtype
from mbc_widgets.simulate.build import course_of, errors_of
from mbc_widgets.simulate.course import Course, Past
from mbc_widgets.simulate.engine import ENGINE
from mbc_widgets.simulate.history import past_of, told
from mbc_widgets.simulate.paths import Paths, paths_of
from mbc_widgets.simulate.people import People
from mbc_widgets.simulate.prognosis import WIDTH, outlook, realised, remarks, withheld
from mbc_widgets.simulate.spread import Ordered, error_of_percent, quantile, spread_of
from mbc_widgets.simulate.uncertainty import CHANCE, DRAWS, MARGIN, PEOPLE, Draws, Errors, Verdict, parameter_draws
from mbc_widgets.simulate.verdicts import judged
from mbc_widgets.workbook import View

if TYPE_CHECKING:
    from mbc_widgets.simulate.kernel import Lives

SIZE, SEED = ENGINE.EFFORT.size, 2012
NOTHING = 0.05  # of a hazard ratio: nearer to 1 it moves no median by a month
LIMITS = (
    "Built from published medians, not from the data of patients. It shows what the literature implies for a group like this and"
    " is no forecast for a person. What follows progression is known from few trials; elsewhere it is assumed."
)
SURE = WIDTH / 2  # standard errors that 95 of 100 simulations stay within
BY_CHANCE = (
    "Simulated here by the slower engine, in plain Python, so with fewer people: {size:,} on each sequence. Chance alone moves a count of 100"
    " by up to {share} and a median by up to {median} months, in 95 of 100 such simulations; what is told of smaller groups, by more. Bands come from"
    f" {DRAWS} draws of the parameters, with {PEOPLE} people each, so that their ends may lie some months off; two sequences are told apart"
    f" only where the whole band of their difference lies beyond {MARGIN + CHANCE:g} months."
)


class Courses(Mapping[str, Course]):
    """The course of a sequence by each structure, built when it is first asked for."""

    def __init__(self, structures: Sequence[str], build: Callable[[str], Course]) -> None:
        self._structures, self._build, self._kept = tuple(structures), build, dict[str, Course]()

    def __getitem__(self, structure: str) -> Course:
        if structure not in self._structures:
            raise KeyError(structure)
        if structure not in self._kept:
            self._kept[structure] = self._build(structure)
        return self._kept[structure]

    def __iter__(self) -> Iterator[str]:
        return iter(self._structures)

    def __len__(self) -> int:
        return len(self._structures)


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One sequence: its strategy, its course by each structure, and the people who lived it by the first structure."""

    strategy: str
    label: str
    paths: Paths = field(repr=False)
    courses: Mapping[str, Course] = field(repr=False)
    errors_made: Callable[[], Errors] = field(repr=False)
    seed: int
    size: int
    end: str = DRAWN  # why its plan ends; with another word than this one, before its last possible line

    @property
    def names(self) -> tuple[str, ...]:
        """Give the regimens of its lines."""
        return tuple(line.name for line in self.course.lines)

    @cached_property
    def errors(self) -> Errors:
        """Give how well the course is known."""
        return self.errors_made()

    @cached_property
    def reached(self) -> float:
        """Give the hazard ratio that its people have against the same people without the patient's conditions."""
        return realised(self.course)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Give the numbers of its lines since metastatic diagnosis."""
        return tuple(taken.number for taken in self.paths.lines[0])

    @property
    def course(self) -> Course:
        """Give the course by the first structure of the model."""
        return self.courses[self.structure]

    @cached_property
    def people(self) -> People:
        """Give the people who lived it, by the first structure."""
        return ENGINE.people(self.course, self.size, self.seed)

    @property
    def lives(self) -> "Lives":
        """Give their lives in arrays, which only the engine with NumPy has."""
        people: Any = self.people
        found: Lives = people.lives
        return found

    @property
    def structure(self) -> str:
        """Give the first structure of the model."""
        return next(iter(self.courses))

    def deaths(self, structure: str) -> Ordered:
        """Give the months of death of the same people by a structure, in ascending order.

        Raises:
            KeyError: no such structure.

        """
        if structure not in self._deaths:
            known = structure == self.structure and "people" in vars(self)
            self._deaths[structure] = self.people.deaths if known else self._simulated(structure)
        return self._deaths[structure]

    def _simulated(self, structure: str) -> Ordered:
        return ENGINE.ordered(ENGINE.survival_times(self.courses[structure], self.size, self.seed))

    @cached_property
    def _deaths(self) -> dict[str, Ordered]:
        """Hold what `deaths` has simulated."""
        return {}

    @cached_property
    def medians(self) -> dict[str, float]:
        """Give the median survival in months by each structure."""
        return {name: round(quantile(self.deaths(name), 0.5), 1) for name in self.courses}

    @property
    def read(self) -> dict[str, str]:
        """Give the planned regimens whose months are those of a trial, by class."""
        return {taken.option.regimen.palette: taken.option.regimen.id for taken in self.paths.lines[0] if taken.row}

    @property
    def guessed(self) -> dict[str, str]:
        """Give the planned regimens for whose line no trial speaks, by class."""
        return {taken.option.regimen.palette: taken.option.regimen.id for taken in self.paths.lines[0] if not taken.row}

    @property
    def ends_early(self) -> bool:
        """Say whether the plan ends before its last possible line, so that the model lets nothing follow there."""
        return self.end != DRAWN

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
    `said`: gives what the simulation takes of this patient and leaves out.
    """

    lanes: tuple[Lane, ...]
    limits: str = LIMITS
    withheld: str = ""  # why nothing is simulated for such a patient
    contradicted: Mapping[str, CohortFigure] = field(default_factory=dict)
    said: Callable[[], Sequence[str]] = tuple
    ratio: float = 1.0  # of death, against the cohorts

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """Give what the simulation takes of this patient, and what it leaves out."""
        return tuple(text for text in self.said() if text)

    def reached(self, names: Sequence[str], lanes: Sequence[Lane]) -> list[str]:
        """Say what the hazard ratio of the patient becomes on these lanes, where it is another one there."""
        if abs(self.ratio - 1) < NOTHING:
            return []
        found = [
            f"{lane.reached:.{ENGINE.EFFORT.ratio_digits}f} on {name}" for name, lane in zip(names, lanes, strict=True)
        ]
        return [
            f"The hazard ratio is {self.ratio:.2f} in everyday care from this line on; with the lines planned here {' and '.join(found)}."
        ]

    def by_chance(self, lanes: Sequence[Lane]) -> list[str]:
        """Say how far chance alone moves the figures of these lanes, where fewer people than usual are simulated."""
        if not (ENGINE.EFFORT.few and lanes):
            return []
        size = lanes[0].size
        spreads = [spread_of(lane.deaths(lane.structure)) for lane in lanes]
        median = max(hypot(each.standard_error, ENGINE.EFFORT.ratio_error * each.median) for each in spreads)
        return [BY_CHANCE.format(size=size, share=ceil(SURE * error_of_percent(size)), median=ceil(SURE * median))]

    def compare(self, first: int, second: int, *, draws: int = DRAWS, people: int = PEOPLE) -> Verdict:
        """Say what may be said of two lanes: which lives longer in the model and by how much, or that nobody can tell.

        Raises:
            IndexError: no such lane.

        """
        one, two = self.lanes[first], self.lanes[second]
        return verdict_on(
            (one, two),
            (one.strategy, two.strategy),
            lambda: [lane.draws((), draws=draws, people=people) for lane in (one, two)],
            unheard=self.contradicted,
        )


def verdict_on(
    lanes: tuple[Lane, Lane],
    names: tuple[str, str],
    drawn: Callable[[], Sequence[Draws]],
    *,
    unheard: Collection[str] = (),
    called: Callable[[str], str] = str,
) -> Verdict:
    """Give the verdict on two lanes by these names; parameters are drawn only where something may be said.

    `unheard`: structures without a voice. `called`: how the reader names a regimen.
    """
    one, two = lanes
    ended = [name for name, lane in zip(names, lanes, strict=True) if lane.ends_early]
    either = {
        lane.guessed[each]
        for lane, other in ((one, two), (two, one))
        for each in (lane.guessed.keys() & other.read.keys()) - other.guessed.keys()
    }
    guessed = [] if ended else [called(regimen) for regimen in sorted(either)]
    draws = [] if ended or guessed else drawn()
    return judged(draws, (one.medians, two.medians), names, unheard=unheard, ended=ended, guessed=guessed)


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
    past = past_of(view)
    lanes = tuple(_lane(view, indexes[0], past, size, seed) for indexes in planned(view))
    held = outlook(view.facts, model)
    return Simulation(
        lanes=lanes,
        contradicted=contradicted(view),
        said=lambda: (held.said, *(told(lane.course) for lane in lanes[:1]), *remarks(view.facts, model)),
        ratio=held.ratio,
    )


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


def _lane(view: View, index: int, past: tuple[Past, ...], size: int, seed: int) -> Lane:
    sequence, structures = view.sequences[index], tuple(view.snapshot.knowledge.model.structures)
    paths = paths_of(sequence)
    return Lane(
        strategy=sequence.strategy.id,
        label=sequence.strategy.label,
        paths=paths,
        courses=Courses(structures, lambda structure: course_of(paths, view.facts, view.snapshot, structure, past)),
        errors_made=lambda: errors_of(paths, view.facts, view.snapshot, structures[0]),
        seed=seed,
        size=size,
        end=sequence.end,
    )
