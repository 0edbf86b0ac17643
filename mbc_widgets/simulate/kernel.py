"""Many lives along one course, fast: NumPy, in chunks that stay in the cache, the same for any number of threads.

Comes in: a `Course`, how many patients, a seed. Goes out: `Lives`, months for each patient. An illustration of what published
figures imply for a group of people, never a forecast for a person.

The clock starts anew with each line; death from another cause comes by the age. On a line with selection (m, v) a patient whose
frailty is Z and whose exponential number is E has the event when the hazard of the whole group reaches ln(1 + v m E / Z) / v:
averaged over those who start the line this gives the published curve back. People whose results turn them off live along a course of
their own (`Course.turned`).

Two courses of the same seed give the same patient the same random numbers (`streams`) and differ by what they do.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from math import exp
from typing import Any, NamedTuple

import numpy as np

from mbc_widgets.simulate.course import NO_FRAILTY, Course, LineCourse, Selection
from mbc_widgets.simulate.streams import (
    FAR,
    FATE,
    STREAMS,
    SUPPORT,
    TIME,
    TOXICITY,
    Array,
    Numbers,
    frailties,
    months_of,
    same_people,
)
from mbc_widgets.survival import Curve

__all__ = [
    "CHUNK", "DIED_OF_OTHER", "DIED_ON_LINE", "NOT_REACHED", "PROGRESSED", "STREAMS", "Array", "Lives",
    "chunks", "simulate", "survival_of_draws", "survival_times",
]  # fmt: skip
CHUNK = 32_768  # patients whose numbers stay in the cache of a core
AHEAD = 4  # chunks that wait for each thread
PROGRESSED, DIED_ON_LINE, DIED_OF_OTHER, NOT_REACHED = 0, 1, 2, 3
TINY = np.float32(1e-30)  # an exponential in single precision may be 0, its logarithm may not


@dataclass(frozen=True, kw_only=True)
class Lives:
    """What became of n patients: months from the start of the first line, float32, NaN where a line was not reached.

    `begins`, `ends` (progression or death), `treated_until`: lines x n. `exits`: how each line ended. `path`: the
    place of the course in `Course.paths` that a patient lived along. `supportive_from`: NaN without supportive care. `frailty`: Z.
    """

    begins: Array
    ends: Array
    treated_until: Array
    exits: Array
    path: Array
    supportive_from: Array
    dies: Array
    of_other_cause: Array
    frailty: Array

    @property
    def size(self) -> int:
        """Give the number of patients."""
        return int(self.dies.size)


def simulate(course: Course, size: int, seed: int, *, threads: int | None = None) -> Lives:
    """Give `size` lives along `course`; the same for any number of threads, paired with any other course of this seed.

    Raises:
        ValueError: no patient, or a negative seed.

    """
    lives = _empty(course, max(size, 0))
    for _ in _map(course, size, seed, threads, lambda numbers, part: _live([course], numbers, lives, part)):
        pass
    return lives


def chunks(course: Course, size: int, seed: int, *, threads: int | None = None) -> Iterator[Lives]:
    """Give the same lives chunk by chunk, so that memory stays flat whatever the size.

    Raises:
        ValueError: no patient, or a negative seed.

    """

    def live(numbers: Numbers, part: slice) -> Lives:
        lives = _empty(course, part.stop - part.start)
        _live([course], numbers, lives, slice(0, lives.size))
        return lives

    return _map(course, size, seed, threads, live)


def survival_times(course: Course, size: int, seed: int, *, threads: int | None = None) -> Array:
    """Give the month of death of each of the same lives and nothing else: what parameter draws and sweeps ask for.

    Raises:
        ValueError: no patient, or a negative seed.

    """
    dies = np.empty(max(size, 0), np.float32)

    def live(numbers: Numbers, part: slice) -> None:
        dies[part] = _live([course], numbers)

    for _ in _map(course, size, seed, threads, live):
        pass
    return dies


def survival_of_draws(courses: Sequence[Course], size: int, seed: int, *, threads: int = 1) -> Array:
    """Give the month of death of the same people by each of several courses of which only the numbers differ: courses x people.

    As many as fit into one chunk are worked out together, which costs little more than one of them alone.

    Raises:
        ValueError: no patient, or a negative seed.

    """
    if size > CHUNK:
        return np.stack([survival_times(course, size, seed, threads=threads) for course in courses])
    together = CHUNK // max(size, 1)
    alike = [list(group) for _, group in groupby(courses, _kind)]
    parts = [group[at : at + together] for group in alike for at in range(0, len(group), together)]

    def live(part: list[Course]) -> Array:
        return next(_map(part[0], size, seed, 1, lambda numbers, _: _live(part, numbers))).reshape(len(part), size)  # type: ignore[no-any-return]

    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(live, parts)))


def _kind(course: Course) -> tuple[Any, ...]:
    """Give what courses share that are worked out together: everything that is no number moved by a parameter draw."""
    lines = tuple((x.curve.family, x.curve.shape, x.beyond, x.gap) for x in course.lines)
    starts = tuple((x.variance < NO_FRAILTY, x.dies is None, x.goes_on is None) for x in course.selection)
    return lines, starts, course.other_deaths, course.turns, tuple(map(_kind, course.turned))


def _map(course: Course, size: int, seed: int, threads: int | None, live: Any) -> Iterator[Any]:
    """Give what `live` makes of each chunk, in order; a few chunks are worked on ahead, so that a long run does not pile up."""
    if size < 1 or seed < 0:
        raise ValueError(f"size: at least 1 patient, seed: not negative; found {size} and {seed}")
    _ = frailties(course.own_frailty[1]), months_of(course.other_deaths)  # once, before the threads ask
    _ = [(path.selection, path.cared_for, path.lived, path.care) for path in course.paths]
    parts = [slice(at, min(at + CHUNK, size)) for at in range(0, size, CHUNK)]
    if len(parts) == 1:
        yield live(same_people(seed, size), parts[0])
        return

    def job(chunk: int, part: slice) -> Any:
        return live(Numbers(seed, chunk, part.stop - part.start), part)

    workers = threads or os.cpu_count() or 1
    if workers == 1:
        yield from (job(chunk, part) for chunk, part in enumerate(parts))
        return
    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[Any] = deque()
        for chunk, part in enumerate(parts):
            ahead.append(pool.submit(job, chunk, part))
            if len(ahead) > AHEAD * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _empty(course: Course, size: int) -> Lives:
    """Give room for lives, in which no line was reached yet."""
    lines = max(len(path.lines) for path in course.paths)
    begins, ends, treated = (np.full((lines, size), np.nan, np.float32) for _ in range(3))
    return Lives(
        begins=begins,
        ends=ends,
        treated_until=treated,
        exits=np.full((lines, size), NOT_REACHED, np.uint8),
        path=np.zeros(size, np.uint8),
        supportive_from=np.empty(size, np.float32),
        dies=np.empty(size, np.float32),
        of_other_cause=np.empty(size, bool),
        frailty=np.empty(size, np.float32),
    )


def _live(courses: Sequence[Course], numbers: Numbers, lives: Lives | None = None, part: slice = slice(0)) -> Array:
    """Give the months of death of one chunk by one course (people), or by several of a kind (courses x people).

    Whose results turn them off live along their own course. With one course `lives` may be filled.
    """
    turns = courses[0].turns
    if not turns:
        return _live_alike(courses, numbers, lives, part)
    dies = np.empty((len(courses), numbers.size) if len(courses) > 1 else numbers.size, np.float32)
    paths = zip(*(course.paths for course in courses), strict=True)
    for at, (path, (who, some)) in enumerate(zip(paths, numbers.by_path(turns), strict=True)):
        if not who.size:
            continue
        own = _empty(path[0], who.size) if lives else None
        dies[..., who] = _live_alike(path, some, own, slice(0, who.size))
        if lives and own:
            own.path[:] = at
            _put(own, lives, who + part.start)
    return dies


def _put(own: Lives, lives: Lives, places: Array) -> None:
    """Write the lives of some people to their places among all."""
    for name, found in vars(own).items():
        into = getattr(lives, name)
        if found.ndim == 1:
            into[places] = found
        else:
            into[: len(found), places] = found


def _live_alike(courses: Sequence[Course], numbers: Numbers, lives: Lives | None, part: slice) -> Array:
    """Give the months of death of people of whom none turns off.

    Nobody is picked out: whatever does not happen to somebody happens to them FAR beyond any life, and the earliest event
    counts. So death from another cause, sooner than all that, needs no care of its own.
    """
    frailty, odds, other = numbers.people(courses)
    dies: Array = other
    cared: Any = FAR
    begins: Any = np.float32(0)
    lines = list(zip(*(course.lived for course in courses), strict=True))
    starts = list(zip(*(course.selection for course in courses), strict=True))
    for at, (line, start) in enumerate(zip(lines, starts, strict=True)):
        ends = _time([one.curve for one in line], _hazard(numbers.exponential(TIME, at), frailty, start))
        ends += begins
        to_die, to_go_on = _limits(line, start, odds)
        fate = numbers.uniform(FATE, at)
        survived = fate >= to_die
        further = fate < to_go_on if at < len(lines) - 1 else ~survived
        if lives is not None:
            _keep(lives, at, part, _Leg(begins, ends, other, ~survived), numbers, line[0])
        dies = np.minimum(dies, _unless(survived, ends))
        cared = np.minimum(cared, _unless(further, ends) + np.float32(line[0].beyond))
        begins = _unless(~(survived & further), ends)
        begins += np.float32(line[0].beyond + line[0].gap)
    cared_for = [course.cared_for for course in courses]
    until = _time([course.care for course in courses], _hazard(numbers.exponential(SUPPORT), frailty, cared_for))
    until += cared
    dies = np.minimum(dies, until, out=until)
    if lives is not None:
        np.multiply(cared, _nan_unless(cared < other), out=lives.supportive_from[part])
        lives.dies[part], lives.of_other_cause[part], lives.frailty[part] = dies, dies >= other, frailty
    return dies


def _unless(mask: Array, months: Array) -> Array:
    """Give these months, FAR beyond any life for those of the mask."""
    found: Array = mask * FAR
    found += months
    return found


def _nan_unless(mask: Array) -> Array:
    """Give a factor that is 1 for those of the mask and NaN for the others."""
    ones = mask.astype(np.float32)
    with np.errstate(invalid="ignore"):
        ones /= ones
    return ones


def _column(values: Iterable[float]) -> Any:
    """Give one number as it is, several as a column: each course has a row of people."""
    found = np.array([*values], np.float32)
    return found[0] if found.size == 1 else found[:, None]


def _limits(line: Sequence[LineCourse], start: Sequence[Selection], odds: Array | None) -> tuple[Any, Any]:
    """Give the fates (0 to 1) below which a patient dies as the line ends, and below which of the others goes on."""
    to_die = _chance([x.dies for x in line], [x.dies for x in start], odds)
    on = _chance([x.goes_on for x in line], [x.goes_on for x in start], odds, falls=True)
    return to_die, to_die + (1 - to_die) * on


class _Leg(NamedTuple):
    """One line: when it began (FAR where it did not) and ended, death of another cause, who died on it."""

    begins: Any
    ends: Array
    other: Array
    died: Array


def _keep(lives: Lives, at: int, part: slice, leg: _Leg, numbers: Numbers, line: LineCourse) -> None:
    """Write what became of those who started a line."""
    begun = leg.begins < leg.other
    by_other = leg.ends >= leg.other
    died = leg.died | by_other
    ends = np.minimum(leg.ends, leg.other)
    treated = np.minimum(ends + np.float32(line.beyond) * ~died, leg.other)
    if line.stops:
        stopped = numbers.exponential(TOXICITY, at) * np.float32(line.toxicity_months)
        stopped += leg.begins
        np.minimum(treated, _unless(stopped >= ends, stopped), out=treated)
    factor = _nan_unless(begun)
    np.multiply(leg.begins, factor, out=lives.begins[at, part])
    np.multiply(ends, factor, out=lives.ends[at, part])
    np.multiply(treated, factor, out=lives.treated_until[at, part])
    exits = died.view(np.uint8) + by_other
    np.maximum(exits, ~begun * np.uint8(NOT_REACHED), out=lives.exits[at, part])


def _hazard(exponential: Array, frailty: Array, start: Sequence[Selection]) -> Array:
    """Give the cumulative hazard of the whole group at which each patient has the event."""
    if start[0].variance < NO_FRAILTY:
        return np.maximum(exponential, TINY)
    found: Array = exponential / frailty
    found *= _column(x.variance * x.mean for x in start)
    found += np.float32(1)
    np.log(found, out=found)
    found *= _column(1 / x.variance for x in start)
    return np.maximum(found, TINY, out=found)


def _time(curves: Sequence[Curve], hazard: Array) -> Array:
    """Give the months by which a hazard is reached; several curves are the first one stretched, with a hazard ratio each."""
    if len(curves) == 1:
        return np.asarray(curves[0].time_at(hazard), np.float32)
    if any(curve.power != curves[0].power for curve in curves):
        hazard = hazard * _column(curves[0].power / curve.power for curve in curves)
    months = np.asarray(curves[0].time_at(hazard), np.float32)
    stretch = _column(curve.scale / curves[0].scale for curve in curves)
    found: Array = months * stretch
    return found


def _chance(
    shares: Sequence[float], log_odds: Sequence[float | None], odds: Array | None, *, falls: bool = False
) -> Any:
    """Give each patient's chance: the odds at Z = 1 times (or, where it falls, over) what the frailty adds."""
    known = [exp(x) for x in log_odds if x is not None]
    if not known or odds is None:
        return _column(shares)
    moved = _column(known) / odds if falls else _column(known) * odds
    return moved / (1 + moved)
