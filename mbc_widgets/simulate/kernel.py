"""Many lives along one course, fast: NumPy, in chunks that stay in the cache, the same for any number of threads.

Comes in: a `Course`, how many patients, a seed. Goes out: `Lives`, months for each patient. An illustration of what published
figures imply for a group of people, never a forecast for a person.

The clock starts anew with each line; death from another cause comes by the age. On a line with selection (m, v) a patient whose
frailty is Z and whose exponential number is E has the event when the hazard of the whole group reaches ln(1 + v m E / (Z r)) / v,
with r the hazard ratio: averaged over those who start the line this gives the published curve back.

Every purpose has its own stream of random numbers for each chunk (`STREAMS`), so that two courses of the same seed give the same
patient the same numbers (common random numbers) and differ by what they do.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence

from mbc_widgets.simulate.course import NO_FRAILTY, Course, LineCourse, Selection, gamma_points
from mbc_widgets.survival import Curve

Array = np.ndarray[Any, Any]
CHUNK = 32_768  # patients whose numbers stay in the cache of a core
STREAMS = ("frailty", "time on line", "fate after line", "toxicity", "supportive care", "other death", "marker")
FRAILTY, TIME, FATE, TOXICITY, SUPPORT, OTHER_DEATH, MARKER = range(len(STREAMS))
PROGRESSED, DIED_ON_LINE, DIED_OF_OTHER, NOT_REACHED = 0, 1, 2, 3
TINY = np.float32(1e-30)  # an exponential in single precision may be 0, its logarithm may not
MOST_NAMES = 2**31  # of markers
GRID = 4096  # steps of a table that is read backwards
YEAR = 12.0


@dataclass(frozen=True, kw_only=True)
class Lives:
    """What became of n patients: months from the start of the first line, float32, NaN where a line was not reached.

    `begins`, `ends` (progression or death), `treated_until`: lines x n. `exits`: how each line ended. `forked`: the number of
    the fork that a patient took on a line, 0 for none. `supportive_from`: NaN without supportive care. `frailty`: Z.
    """

    begins: Array
    ends: Array
    treated_until: Array
    exits: Array
    forked: Array
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
    lives = _empty(len(course.lines), max(size, 0))
    for _ in _map(course, size, seed, threads, lambda numbers, part: _live(course, numbers, lives, part)):
        pass
    return lives


def chunks(course: Course, size: int, seed: int, *, threads: int | None = None) -> Iterator[Lives]:
    """Give the same lives chunk by chunk, so that memory stays flat whatever the size.

    Raises:
        ValueError: no patient, or a negative seed.

    """

    def live(numbers: "_Numbers", part: slice) -> Lives:
        lives = _empty(len(course.lines), part.stop - part.start)
        _live(course, numbers, lives, slice(0, lives.size))
        return lives

    return _map(course, size, seed, threads, live)


def survival_times(course: Course, size: int, seed: int, *, threads: int | None = None) -> Array:
    """Give the month of death of each of the same lives and nothing else: what parameter draws and sweeps ask for.

    Raises:
        ValueError: no patient, or a negative seed.

    """
    return np.concatenate(list(_map(course, size, seed, threads, lambda numbers, _: _live(course, numbers))))


def _map(course: Course, size: int, seed: int, threads: int | None, live: Any) -> Iterator[Any]:
    if size < 1 or seed < 0:
        raise ValueError(f"size: at least 1 patient, seed: not negative; found {size} and {seed}")
    _ = course.selection, _frailties(course.frailty), _months_of(course.other_deaths)  # once, before the threads ask
    parts = [slice(at, min(at + CHUNK, size)) for at in range(0, size, CHUNK)]
    if len(parts) == 1:
        yield live(_same_people(seed, size), parts[0])
        return
    jobs = [(chunk, part) for chunk, part in enumerate(parts)]
    if threads == 1:
        yield from (live(_Numbers(seed, chunk, part.stop - part.start), part) for chunk, part in jobs)
        return
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        ahead = 4 * (threads or os.cpu_count() or 1)  # as many as are kept busy, so that a long run does not pile up
        for first in range(0, len(jobs), ahead):
            now = jobs[first : first + ahead]
            yield from pool.map(lambda job: live(_Numbers(seed, job[0], job[1].stop - job[1].start), job[1]), now)


def _empty(lines: int, size: int) -> Lives:
    begins, ends, treated = (np.full((lines, size), np.nan, np.float32) for _ in range(3))
    return Lives(
        begins=begins,
        ends=ends,
        treated_until=treated,
        exits=np.full((lines, size), NOT_REACHED, np.uint8),
        forked=np.zeros((lines, size), np.uint8),
        supportive_from=np.full(size, np.nan, np.float32),
        dies=np.empty(size, np.float32),
        of_other_cause=np.empty(size, bool),
        frailty=np.empty(size, np.float32),
    )


def _live(course: Course, numbers: "_Numbers", lives: Lives | None = None, part: slice = slice(0)) -> Array:
    """Give the months of death of one chunk, line after line for those still on their way; fill `lives` where it is wanted."""
    size = numbers.size
    frailty = _frailty_of(course, numbers)
    other = _other_death(numbers, course)
    leans = np.power(frailty, np.float32(course.leaning)) if course.leaning and course.frailty >= NO_FRAILTY else None
    dies, cared_from = other.copy(), np.full(size, np.inf, np.float32)
    here, clock = np.arange(size), np.zeros(size, np.float32)
    for at, (line, start) in enumerate(zip(course.lines, course.selection, strict=True)):
        hazard = _hazard(numbers.exponential(TIME, at).take(here), frailty.take(here), start, line.hazard_ratio)
        ends, taken = _months(line, hazard, numbers, here)
        ends += clock
        until, fate = other.take(here), numbers.uniform(FATE, at).take(here)
        progressed = ends < until
        np.minimum(ends, until, out=ends)
        died, on = _fates(line, start, fate, None if leans is None else leans.take(here), at == len(course.lines) - 1)
        on &= progressed
        died |= ~progressed
        if lives is not None:
            leg = _Leg(here=here, clock=clock, ends=ends, until=until, died=died, progressed=progressed, forked=taken)
            _keep(lives, at, part, leg, numbers, line)
        fallen, stays, going = died.nonzero()[0], (~(died | on)).nonzero()[0], on.nonzero()[0]
        dies[here.take(fallen)] = ends.take(fallen)
        cared_from[here.take(stays)] = ends.take(stays) + np.float32(line.beyond)
        here, clock = here.take(going), ends.take(going) + np.float32(line.beyond + line.gap)
        begun = (clock < other.take(here)).nonzero()[0]  # who dies in the gap starts no further line
        here, clock = here.take(begun), clock.take(begun)
    cared = (cared_from < other).nonzero()[0]
    hazard = _hazard(numbers.exponential(SUPPORT).take(cared), frailty.take(cared), course.selection[-1], 1.0)
    dies[cared] = np.minimum(cared_from.take(cared) + _time(course.support, hazard), other.take(cared))
    if lives is not None:
        lives.supportive_from[part][cared] = cared_from.take(cared)
        lives.dies[part], lives.of_other_cause[part], lives.frailty[part] = dies, dies >= other, frailty
    return dies


def _fates(line: LineCourse, start: Selection, fate: Array, odds: Array | None, last: bool) -> tuple[Array, Array]:  # noqa: FBT001
    """Give who dies as the line ends and who of the others goes on; one number decides both."""
    chance = _chance(line.dies, start.dies, odds)
    died = fate < chance
    if last:
        return died, np.zeros(fate.size, bool)
    on = fate < chance + (1 - chance) * _chance(line.goes_on, start.goes_on, odds, falls=True)
    on &= ~died
    return died, on


@dataclass(frozen=True, kw_only=True, slots=True)
class _Leg:
    """One line of those who started it: who, from which month, to which; `until` they die of another cause."""

    here: Array
    clock: Array
    ends: Array
    until: Array
    died: Array
    progressed: Array
    forked: Array | None


def _keep(lives: Lives, at: int, part: slice, leg: _Leg, numbers: "_Numbers", line: LineCourse) -> None:
    """Write what became of those who started a line."""
    exits = leg.died.astype(np.uint8)
    exits += ~leg.progressed
    treated = leg.ends
    if line.beyond:
        treated = np.minimum(leg.ends + np.float32(line.beyond) * ~leg.died, leg.until)
    if line.stops:
        stopped = numbers.exponential(TOXICITY, at).take(leg.here)
        stopped *= np.float32(line.toxicity_months)
        stopped += leg.clock
        treated = np.where(stopped < leg.ends, stopped, treated)
    lives.begins[at, part][leg.here] = leg.clock
    lives.ends[at, part][leg.here] = leg.ends
    lives.treated_until[at, part][leg.here] = treated
    lives.exits[at, part][leg.here] = exits
    if leg.forked is not None:
        lives.forked[at, part][leg.here] = leg.forked


class _Numbers:
    """The random numbers of one chunk, a stream for each purpose and line; drawn when first asked for, and kept."""

    def __init__(self, seed: int, chunk: int, size: int) -> None:
        self.seed, self.chunk, self.size = seed, chunk, size
        self._kept: dict[tuple[int, int], Array] = {}
        self.frailties: dict[float, Array] = {}

    def _stream(self, purpose: int, line: int) -> Generator:
        return Generator(SFC64(SeedSequence(self.seed, spawn_key=(self.chunk, purpose, line))))

    def exponential(self, purpose: int, line: int = 0) -> Array:
        """Give one exponential number with mean 1 for every patient; not to be written to."""
        found = self._kept.get((purpose, line))
        if found is None:
            found = self._stream(purpose, line).standard_exponential(self.size, dtype=np.float32)
            self._kept[purpose, line] = found
        return found

    def uniform(self, purpose: int, line: int = 0) -> Array:
        """Give one number from 0 to below 1 for every patient; not to be written to."""
        found = self._kept.get((purpose, line))
        if found is None:
            found = self._stream(purpose, line).random(self.size, dtype=np.float32)
            self._kept[purpose, line] = found
        return found

    def marker(self, name: str) -> Array:
        """Give the number that decides over one result, the same at every line."""
        return self.uniform(MARKER, int.from_bytes(name.encode(), "big") % MOST_NAMES)


@lru_cache(maxsize=4)
def _same_people(seed: int, size: int) -> _Numbers:
    """Give the numbers of a run of one chunk: sequences and parameter draws of one seed share the same people."""
    return _Numbers(seed, 0, size)


def _frailty_of(course: Course, numbers: _Numbers) -> Array:
    found = numbers.frailties.get(course.frailty)
    if found is None:
        alike = course.frailty < NO_FRAILTY
        found = (
            np.ones(numbers.size, np.float32) if alike else _drawn(numbers.uniform(FRAILTY), _frailties(course.frailty))
        )
        numbers.frailties[course.frailty] = found
    return found


def _hazard(exponential: Array, frailty: Array, start: Selection, hazard_ratio: float) -> Array:
    """Give the cumulative hazard of the whole group at which each patient has the event."""
    found = exponential
    if start.variance < NO_FRAILTY:
        found *= np.float32(1 / hazard_ratio)
        return np.maximum(found, TINY, out=found)
    found /= frailty
    found *= np.float32(start.variance * start.mean / hazard_ratio)
    found += np.float32(1)
    np.log(found, out=found)
    found *= np.float32(1 / start.variance)
    return np.maximum(found, TINY, out=found)


def _months(line: LineCourse, hazard: Array, numbers: _Numbers, here: Array) -> tuple[Array, Array | None]:
    """Give the months on a line, and the number of the fork that each took; whose result opens another has that one's curve."""
    months = _time(line.curve, hazard)
    if not line.forks:
        return months, None
    forked = np.zeros(here.size, np.uint8)
    for number, fork in enumerate(line.forks, start=1):
        taken = np.flatnonzero((forked == 0) & (numbers.marker(fork.marker).take(here) < fork.share))
        months[taken] = _time(fork.curve, hazard.take(taken))
        forked[taken] = number
    return months, forked


def _time(curve: Curve, hazard: Array) -> Array:
    return np.asarray(curve.time_at(hazard), np.float32)


def _chance(share: float, intercept: float | None, odds: Array | None, *, falls: bool = False) -> Any:
    """Give each patient's chance: the odds at Z = 1 times (or, where it falls, over) what the frailty adds."""
    if intercept is None or odds is None:
        return np.float32(share)
    moved = np.float32(np.exp(intercept)) / odds if falls else np.float32(np.exp(intercept)) * odds
    return moved / (1 + moved)


def _other_death(numbers: _Numbers, course: Course) -> Array:
    if not course.other_deaths:
        return np.full(numbers.size, np.inf, np.float32)
    return _drawn(numbers.uniform(OTHER_DEATH), _months_of(course.other_deaths))


def _drawn(uniform: Array, table: Array) -> Array:
    """Give the value of a table at each share from 0 to 1, straight between its points."""
    place = uniform * np.float32(GRID)  # below GRID, so there is always a next point
    floor = np.floor(place)
    step = floor.astype(np.int32)
    place -= floor
    found: Array = table.take(step)
    place *= table.take(step + 1) - found
    found += place
    return found


@lru_cache(maxsize=256)
def _months_of(yearly: tuple[float, ...]) -> Array:
    """Give the months to death at each share of those who die, from yearly chances of death."""
    alive = np.concatenate([[1.0], np.cumprod(1 - np.asarray(yearly, float)), [0.0]])
    months = YEAR * np.arange(alive.size)
    found: Array = np.interp(np.linspace(0, 1, GRID + 1), 1 - alive, months).astype(np.float32)
    return found


@lru_cache(maxsize=256)
def _frailties(variance: float) -> Array:
    """Give the frailty at each share of people; the outermost steps end where 1 in 10 million lies."""
    if variance < NO_FRAILTY:
        return np.ones(GRID + 1, np.float32)
    logs, weights = gamma_points(variance)
    below = np.cumsum(weights) - np.asarray(weights) / 2
    shares = np.linspace(0, 1, GRID + 1)
    shares[0], shares[-1] = 1e-7, 1 - 1e-7
    return np.exp(np.interp(shares, below, logs)).astype(np.float32)
