"""Measures speed and memory of the simulation and writes benchmarks/RESULTS_SIMULATION.md: `make bench`.

    python -m benchmarks.simulation            # every size, the page is written anew
    python -m benchmarks.simulation --quick    # once each, up to 100,000 people, nothing is written

The two courses are those of benchmarks/courses.py. Every repetition has a seed of its own, so that the random numbers are drawn
anew, and stands beside the yardstick of bench.py.
"""

import argparse
import platform
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.bench import SCENARIO, Measured, fresh, measure, timed
from benchmarks.courses import chain, full
from mbc_widgets.simulate.course import Course
from mbc_widgets.simulate.kernel import chunks, simulate, survival_times
from mbc_widgets.simulate.uncertainty import DRAWS, PEOPLE
from mbc_widgets.simulate.view import SIZE, Lane, simulated
from mbc_widgets.workbook import look, scenario

RESULTS = Path(__file__).with_name("RESULTS_SIMULATION.md")
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
QUICK = 100_000
REPEATS, OF_LONG_ONES = 7, 3
LONG = 10_000_000
PEAK = """
import sys
from benchmarks.simulation import COURSES, FUNCTIONS
def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
name, function, size = {name!r}, {function!r}, {size}
before = peak()
FUNCTIONS[function](COURSES[name](), size, 1, 2)
print(peak(), before)
"""


def _through(course: Course, size: int, seed: int, threads: int | None) -> None:
    for _ in chunks(course, size, seed, threads=threads):
        pass


COURSES: dict[str, Callable[[], Course]] = {"chain": chain, "full": full}
FUNCTIONS: dict[str, Callable[[Course, int, int, int | None], object]] = {
    "survival_times": lambda course, size, seed, threads: survival_times(course, size, seed, threads=threads),
    "simulate": lambda course, size, seed, threads: simulate(course, size, seed, threads=threads),
    "chunks": _through,
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing measured, and how many people were simulated in it."""

    measured: Measured
    people: int

    def line(self) -> str:
        """A row of the table; the speed is that of the fastest repetition, the least disturbed one."""
        found = self.measured
        middle, best, beside = statistics.median(found.seconds), min(found.seconds), statistics.median(found.yardstick)
        cells = (found.name, f"{middle * 1e3:.1f}", f"{best * 1e3:.1f} to {max(found.seconds) * 1e3:.1f}")
        speed = (f"{self.people / best / 1e6:.2f}", f"{beside * 1e3:.1f}", f"{middle / beside:.2f}")
        return f"| {' | '.join((*cells, *speed))} |"


def runs(sizes: tuple[int, ...], repeats: int) -> Iterator[Row]:
    """Every function on every course, size and number of threads."""
    seeds = count(1)
    for name, course in ((name, make()) for name, make in COURSES.items()):
        for size in sizes:
            for function, call in FUNCTIONS.items():
                for threads in (1, 2):
                    what = f"{name}, {function}, {size:,} people, {threads} thread{'s' * (threads > 1)}"

                    def once(course: Course = course, size: int = size, call=call, threads: int = threads) -> float:  # noqa: ANN001
                        seed = next(seeds)
                        return timed(lambda: call(course, size, seed, threads))

                    times = min(repeats, OF_LONG_ONES) if size >= LONG else repeats
                    yield Row(measured=measure(what, once, times), people=size)


def jobs(repeats: int) -> Iterator[Row]:
    """What the page does: two arms at a slider move, parameter draws, all sequences of a view."""
    seeds, arms = count(1), (full(), replace(full(), lines=full().lines[1:]))
    patient, day, regulator = scenario(SCENARIO)
    view = look(patient, day=day, regulator=regulator)
    lane = simulated(view).lanes[0]

    def two_arms() -> float:
        seed = next(seeds)
        return timed(lambda: [simulate(arm, SIZE, seed) for arm in arms])

    def two_times() -> float:
        seed = next(seeds)
        return timed(lambda: [survival_times(arm, SIZE, seed) for arm in arms])

    def draws() -> float:
        seeded: Lane = replace(lane, seed=next(seeds))
        return timed(lambda: seeded.draws((12, 24, 60)))

    def lanes() -> float:
        found = simulated(view, seed=next(seeds))
        return timed(lambda: [lane.lives for lane in found.lanes])

    number = len(simulated(view).lanes)
    listed = {
        f"two arms of the full model x {SIZE:,} people, all lives": (two_arms, 2 * SIZE),
        f"two arms of the full model x {SIZE:,} people, survival": (two_times, 2 * SIZE),
        f"{DRAWS} parameter draws x {PEOPLE:,} people, {SCENARIO}": (draws, DRAWS * PEOPLE),
        f"{number} sequences x {SIZE:,} people, {SCENARIO}": (lanes, number * SIZE),
    }
    for name, (once, people) in listed.items():
        yield Row(measured=measure(name, once, repeats), people=people)


def memory(sizes: tuple[int, ...]) -> Iterator[str]:
    """Rows on the most resident memory that a fresh process ever had; Linux only."""
    if not Path("/proc/self/status").exists():
        return
    for function in FUNCTIONS:
        for size in sizes:
            after, before = map(int, fresh(PEAK.format(name="full", function=function, size=size)))
            yield f"| full, {function}, {size:,} people | {after / 1_000:.0f} | {before / 1_000:.0f} |"


def page(rows: list[Row], remembered: list[str]) -> str:
    """The page of results."""
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, NumPy {np.__version__}"
    head = [
        "# Speed and memory of the simulation",
        "",
        f"Made by `make bench` on {machine}, 2 cores that others use too; median of {REPEATS} ({OF_LONG_ONES} of ten million). The yardstick is that of",
        "RESULTS.md, 25 ms when this machine is quiet: where it stands at 50, halve the milliseconds. The courses are those of",
        "benchmarks/courses.py; random numbers are drawn anew in every repetition.",
        "",
        "| what | median, ms | smallest to largest, ms | million people a second, best | yardstick, ms | ratio |",
        "|---|---|---|---|---|---|",
    ]
    peaks = ["", "| most memory of a process that did | MB | of which before, MB |", "|---|---|---|", *remembered]
    return "\n".join([*head, *(row.line() for row in rows), *peaks, ""])


def main() -> None:
    """Measures everything and prints the page; writes it too, unless --quick."""
    options = argparse.ArgumentParser(description="Measure speed and memory of the simulation.")
    options.add_argument("--quick", action="store_true", help="once each, fewer people, nothing written")
    quick = options.parse_args().quick
    sizes = tuple(size for size in SIZES if size <= QUICK) if quick else SIZES
    repeats = 1 if quick else REPEATS
    rows = [*jobs(repeats), *runs(sizes, repeats)]
    text = page(rows, list(memory(sizes[-1:] if quick else SIZES[2:])))
    print(text)
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
