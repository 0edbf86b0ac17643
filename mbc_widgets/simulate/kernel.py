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
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

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
AHEAD = 4  # chunks that wait for each thread
EVERYONE = slice(None)


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
    dies = np.empty(max(size, 0), np.float32)

    def live(numbers: "_Numbers", part: slice) -> None:
        dies[part] = _live(course, numbers)

    for _ in _map(course, size, seed, threads, live):
        pass
    return dies


def _map(course: Course, size: int, seed: int, threads: int | None, live: Any) -> Iterator[Any]:
    """Give what `live` makes of each chunk, in order; a few chunks are worked on ahead, so that a long run does not pile up."""
    if size < 1 or seed < 0:
        raise ValueError(f"size: at least 1 patient, seed: not negative; found {size} and {seed}")
    _ = course.selection, _frailties(course.frailty), _months_of(course.other_deaths)  # once, before the threads ask
    parts = [slice(at, min(at + CHUNK, size)) for at in range(0, size, CHUNK)]
    if len(parts) == 1:
        yield live(_same_people(seed, size), parts[0])
        return

    def job(chunk: int, part: slice) -> Any:
        return live(_Numbers(seed, chunk, part.stop - part.start), part)

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
    """Give the months of death of one chunk, line after line for those still on their way; fill `lives` where it is wanted.

    Written for speed: everybody is on the first line, so nothing is picked out there; later only those who started the line
    are (`here`, their places in the chunk). Whoever is not told otherwise dies of another cause.
    """
    frailty, odds, other = numbers.people(course)
    dies = other.copy()
    here, clock, cared, cared_from = EVERYONE, np.float32(0), [], []
    for at, (line, start) in enumerate(zip(course.lines, course.selection, strict=True)):
        hazard = _hazard(_of(numbers.exponential(TIME, at), here), _of(frailty, here), start, line.hazard_ratio)
        ends, forked = _months(line, hazard, numbers, here)
        ends += clock
        until = _of(other, here)
        died, on = _fates(line, start, _of(numbers.uniform(FATE, at), here), odds if odds is None else _of(odds, here))
        if at == len(course.lines) - 1:
            on[:] = False
        if lives is not None:
            _keep(lives, at, part, _Leg(here, clock, ends, until, died, forked), numbers, line)
        cares, starts = ends + np.float32(line.beyond), ends + np.float32(line.beyond + line.gap)
        fallen = (died & (ends < until)).nonzero()[0]
        stays = ((cares < until) > (died | on)).nonzero()[0]
        going = (on & (starts < until)).nonzero()[0]  # who dies in the gap starts no further line
        dies[_of(here, fallen)] = ends.take(fallen)
        cared.append(_of(here, stays))
        cared_from.append(cares.take(stays))
        here, clock = _of(here, going), starts.take(going)
    who, since = np.concatenate(cared), np.concatenate(cared_from)
    hazard = _hazard(numbers.exponential(SUPPORT).take(who), frailty.take(who), course.selection[-1], 1.0)
    dies[who] = np.minimum(since + _time(course.support, hazard), other.take(who))
    if lives is not None:
        lives.supportive_from[part][who] = since
        lives.dies[part], lives.of_other_cause[part], lives.frailty[part] = dies, dies >= other, frailty
    return dies


def _of(values: Any, who: Any) -> Any:
    """Give the values of some people (their places), or of everyone without a copy."""
    if who is EVERYONE:
        return values
    return who if values is EVERYONE else values.take(who)


def _fates(line: LineCourse, start: Selection, fate: Array, odds: Array | None) -> tuple[Array, Array]:
    """Give who dies as the line ends and who of the others goes on; one number decides both."""
    chance = _chance(line.dies, start.dies, odds)
    died = fate < chance
    on = fate < chance + (1 - chance) * _chance(line.goes_on, start.goes_on, odds, falls=True)
    return died, on > died


class _Leg(NamedTuple):
    """One line of those who started it: who, from which month, to which; `until` they die of another cause."""

    here: Any
    clock: Any
    ends: Array
    until: Array
    died: Array
    forked: Array | None


def _keep(lives: Lives, at: int, part: slice, leg: _Leg, numbers: "_Numbers", line: LineCourse) -> None:
    """Write what became of those who started a line."""
    by_other = leg.ends >= leg.until
    ends = np.minimum(leg.ends, leg.until)
    died = leg.died | by_other
    treated = np.minimum(ends + np.float32(line.beyond) * ~died, leg.until)
    if line.stops:
        stopped = _of(numbers.exponential(TOXICITY, at), leg.here) * np.float32(line.toxicity_months)
        stopped += leg.clock
        stops = (stopped < ends).nonzero()[0]
        treated[stops] = stopped.take(stops)
    lives.begins[at, part][leg.here] = leg.clock
    lives.ends[at, part][leg.here] = ends
    lives.treated_until[at, part][leg.here] = treated
    lives.exits[at, part][leg.here] = died.view(np.uint8) + by_other
    if leg.forked is not None:
        lives.forked[at, part][leg.here] = leg.forked


class _Numbers:
    """The random numbers of one chunk, a stream for each purpose and line; drawn when first asked for, and kept."""

    def __init__(self, seed: int, chunk: int, size: int) -> None:
        self.seed, self.chunk, self.size = seed, chunk, size
        self._kept: dict[tuple[int, int], Array] = {}
        self._people: dict[tuple[Any, ...], tuple[Array, Array | None, Array]] = {}

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

    def people(self, course: Course) -> tuple[Array, Array | None, Array]:
        """Give each patient's frailty, what it does to odds (None for nothing), and month of death of another cause."""
        key = course.frailty, course.leaning, course.other_deaths
        found = self._people.get(key)
        if found is None:
            found = self._people[key] = self._new_people(course)
        return found

    def _new_people(self, course: Course) -> tuple[Array, Array | None, Array]:
        other = np.full(self.size, np.inf, np.float32)
        if course.other_deaths:
            other = _drawn(self.uniform(OTHER_DEATH), _months_of(course.other_deaths))
        if course.frailty < NO_FRAILTY:
            return np.ones(self.size, np.float32), None, other
        frailty = _drawn(self.uniform(FRAILTY), _frailties(course.frailty))
        return frailty, np.power(frailty, np.float32(course.leaning)) if course.leaning else None, other


@lru_cache(maxsize=4)
def _same_people(seed: int, size: int) -> _Numbers:
    """Give the numbers of a run of one chunk: sequences and parameter draws of one seed share the same people."""
    return _Numbers(seed, 0, size)


def _hazard(exponential: Array, frailty: Array, start: Selection, hazard_ratio: float) -> Array:
    """Give the cumulative hazard of the whole group at which each patient has the event."""
    if start.variance < NO_FRAILTY:
        found: Array = exponential * np.float32(1 / hazard_ratio)
        return np.maximum(found, TINY, out=found)
    found = exponential / frailty
    found *= np.float32(start.variance * start.mean / hazard_ratio)
    found += np.float32(1)
    np.log(found, out=found)
    found *= np.float32(1 / start.variance)
    return np.maximum(found, TINY, out=found)


def _months(line: LineCourse, hazard: Array, numbers: _Numbers, here: Any) -> tuple[Array, Array | None]:
    """Give the months on a line, and the number of the fork that each took; whose result opens another has that one's curve."""
    months = _time(line.curve, hazard)
    if not line.forks:
        return months, None
    forked = np.zeros(hazard.size, np.uint8)
    for number, fork in enumerate(line.forks, start=1):
        taken = ((_of(numbers.marker(fork.marker), here) < fork.share) > forked).nonzero()[0]
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
