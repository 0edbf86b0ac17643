"""A policy sweep: many patients, the sequence of every strategy, every structure, many parameter draws; one plain row for each.

Comes in: (name, `View`) pairs. Goes out: rows, one after the other, so that memory stays flat however many there are. The work is
done in this process, or by the workers of a Dask cluster where an address of its scheduler is given: the same rows in the same
order, bit for bit where the processors and NumPy are the same. Every task draws the same people, so all rows are comparable.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbc_widgets.simulate.build import course_of, errors_of
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.exits import EVERYBODY
from mbc_widgets.simulate.history import past_of
from mbc_widgets.simulate.kernel import survival_times
from mbc_widgets.simulate.paths import paths_of
from mbc_widgets.simulate.uncertainty import DRAWS, PEOPLE, Errors, parameter_draws
from mbc_widgets.simulate.view import planned
from mbc_widgets.workbook import View

SEED = 2012
MONTHS = (12.0, 24.0, 60.0)
AHEAD = 1_000  # tasks that the scheduler holds at once
PATIENCE = 10  # seconds until a scheduler that does not answer is given up
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One sequence of one patient by one structure, with all its draws: what a worker does at a time."""

    scenario: str
    strategies: tuple[str, ...]  # that plan this same sequence
    structure: str
    course: Course
    errors: Errors
    months: tuple[float, ...]
    draws: int
    people: int
    seed: int


def sweep(
    patients: Iterable[tuple[str, View]],
    *,
    months: Sequence[float] = MONTHS,
    draws: int = DRAWS,
    people: int = PEOPLE,
    seed: int = SEED,
    scheduler: str | None = None,
) -> Iterator[Row]:
    """Give {scenario, strategy, structure, draw, median_months, percent_alive_at_12, ..., seed} for each patient, strategy, ...

    Draw 0 has the parameters as published, draws 1 to `draws` have them moved by their error; `people` are simulated in each.
    `scheduler`: the address of a Dask scheduler, as in "tcp://10.0.0.1:8786". Patients without a planned line give no row.

    Raises:
        ValueError: a negative number of draws, nobody, or a negative seed.
        ModuleNotFoundError: a scheduler is given and Dask is not installed.
        ConnectionError: no scheduler answers at this address.

    """
    if draws < 0 or people < 1 or seed < 0:
        raise ValueError(f"draws and seed: not negative, people: at least 1; found {draws}, {seed} and {people}")
    tasks = (
        Task(
            scenario=name,
            strategies=strategies,
            structure=structure,
            course=course,
            errors=errors,
            months=tuple(months),
            draws=draws,
            people=people,
            seed=seed,
        )
        for name, view in patients
        for strategies, structure, course, errors in _courses(view)
    )
    found = map(rows_of, tasks) if scheduler is None else _on_cluster(rows_of, tasks, _client(scheduler))
    return (row for rows in found for row in rows)


def rows_of(task: Task) -> list[Row]:
    """Give the rows of one task; the same in any process."""
    dies = np.sort(survival_times(task.course, task.people, task.seed, threads=1))
    alive = EVERYBODY * (1 - np.searchsorted(dies, np.asarray(task.months, np.float32), side="right") / task.people)
    outcomes = [(float(dies[task.people // 2]), alive)]
    if task.draws:
        drawn = parameter_draws(
            task.course, task.errors, task.months, draws=task.draws, people=task.people, seed=task.seed, threads=1
        )
        outcomes += zip(drawn.median.tolist(), drawn.alive, strict=True)
    return [
        {
            "scenario": task.scenario,
            "strategy": strategy,
            "structure": task.structure,
            "draw": draw,
            "median_months": median,
            **{f"percent_alive_at_{month:g}": float(share) for month, share in zip(task.months, shares, strict=True)},
            "seed": task.seed,
        }
        for strategy in task.strategies
        for draw, (median, shares) in enumerate(outcomes)
    ]


def _courses(view: View) -> Iterator[tuple[tuple[str, ...], str, Course, Errors]]:
    """Give each sequence of a view once, with the strategies that plan it, by each structure."""
    past = past_of(view)
    for indexes in planned(view):
        strategies = tuple(view.sequences[index].strategy.id for index in indexes)
        paths = paths_of(view.sequences[indexes[0]])
        for structure in view.snapshot.knowledge.model.structures:
            course = course_of(paths, view.facts, view.snapshot, structure, past)
            yield strategies, structure, course, errors_of(paths, view.facts, view.snapshot, structure)


def _client(scheduler: str) -> Any:
    try:
        from dask.distributed import Client
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"scheduler: {scheduler} was given, but {error.name} is not installed, which a sweep on a cluster needs; install"
            ' "mbc_widgets[cluster]", or leave `scheduler` out: this process gives the same rows'
        ) from None
    try:
        return Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConnectionError(
            f"scheduler: nothing answers at {scheduler} ({error}); start one with `dask scheduler` and workers with"
            " `dask worker`, or leave `scheduler` out: this process gives the same rows"
        ) from None


def _on_cluster(call: Callable[[Task], list[Row]], tasks: Iterable[Task], client: Any) -> Iterator[list[Row]]:
    """Give the answer to each task in order; a bounded number of them waits at the scheduler."""
    waiting: deque[Any] = deque()
    with client:
        for task in tasks:
            waiting.append(client.submit(call, task, pure=False))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
