"""Lets a class open the dashboard at one moment and writes benchmarks/RESULTS_STORM.md: `make bench-storm`.

    python -m benchmarks.storm                    # 40 and 80 visitors
    python -m benchmarks.storm --visitors 5 10

Each visitor (tests/visitors.py) asks for the page, opens its websocket and takes the widgets over, without loading scripts and without
drawing. Beside it, in the same run and on a server with the same configuration, stands a bare page of one small SVG
(benchmarks/bare.py): the time until the last visitor is served may be half as long again, and nobody may fail. The two take turns.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import yardstick
from benchmarks.kit import DASHBOARD, ROOT, as_for_a_user, keep
from tests.processes import cpu, kernels, processes, pss
from tests.serving import free_port, serving
from tests.visitors import Visitor

RESULTS = Path(__file__).with_name("RESULTS_STORM.md")
PAGES = {"bare page": [sys.executable, "-m", "benchmarks.bare"], "dashboard": DASHBOARD}
NUMBERS, ROUNDS = (40, 80), 3
ALLOWED = 1.5  # times the bare page
EMPTY_WITHIN = 60.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What a class met: seconds until each was served, words of those who were not, MB of the server and of a kernel."""

    page: str
    number: int
    seconds: list[float]
    failed: list[str]
    work: float  # seconds of processor of the server and its kernels until all were served
    server: float
    kernel: float
    left: int  # kernels that are there after all have closed the page, without the pool
    yardstick: float

    @property
    def last(self) -> float:
        """Seconds until the last one was served."""
        return max(self.seconds, default=float("inf"))


async def storm(page: str, url: str, process: int, number: int) -> Storm:
    """`number` visitors at one moment, who all leave after."""
    beside, before, start = yardstick(), worked(process), time.perf_counter()

    async def come() -> tuple[Visitor, float]:
        return await Visitor.arrive(url), time.perf_counter() - start

    came = await asyncio.gather(*(come() for _ in range(number)), return_exceptions=True)
    work = worked(process) - before
    there = [each for each in came if not isinstance(each, BaseException)]
    failed = [f"{type(each).__name__}: {each}" for each in came if isinstance(each, BaseException)]
    server, each = pss(process), statistics.mean(pss(kernel) for kernel in kernels(process))
    await asyncio.gather(*(visitor.leave() for visitor, _ in there))
    return Storm(
        page=page,
        number=number,
        seconds=[seconds for _, seconds in there],
        failed=failed,
        work=work,
        server=server,
        kernel=each,
        left=await emptied(process),
        yardstick=beside,
    )


def worked(process: int) -> float:
    """Give the seconds of processor that the server and what it started have used."""
    return sum(map(cpu, processes(process)))


async def emptied(process: int) -> int:
    """Waits until only the pool is left; gives how many kernels are too many."""
    end = time.monotonic() + EMPTY_WITHIN
    while (left := len(kernels(process)) - 1) > 0 and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    return max(left, 0)


def storms(numbers: list[int], rounds: int) -> Iterator[Storm]:
    """Every storm, each on a server of its own; the pages take turns."""
    environment = as_for_a_user(MBC_SEATS="0", MBC_POOL="1")
    for number in numbers:
        for _ in range(rounds):
            for page, command in PAGES.items():
                port = free_port()
                with serving([*command, "--port", str(port)], port, cwd=ROOT, env=environment) as served:
                    while not kernels(served.process):
                        time.sleep(0.2)
                    time.sleep(3)  # the kernel of the pool runs its notebook
                    found = asyncio.run(storm(page, served.url, served.process, number))
                print(f"{page}, {number}: last {found.last:.1f} s, {len(found.failed)} failed", flush=True)
                yield found


def row(found: list[Storm]) -> str:
    """A row of the table: the storms of one page and one number."""
    every = sorted(seconds for one in found for seconds in one.seconds)
    last = statistics.median(one.last for one in found)
    spread = f"{min(one.last for one in found):.1f} to {max(one.last for one in found):.1f}"
    middle = statistics.median(every) if every else float("inf")
    failed, left = sum(len(one.failed) for one in found), sum(one.left for one in found)
    memory = (
        f"{statistics.median(one.server for one in found):.0f} | {statistics.median(one.kernel for one in found):.0f}"
    )
    beside = statistics.median(one.yardstick for one in found) * 1e3
    work = statistics.median(one.work / one.number for one in found)
    return f"| {found[0].page} | {found[0].number} | {last:.1f} | {spread} | {middle:.1f} | {work:.2f} | {failed} | {left} | {memory} | {beside:.0f} |"


def verdict(bare: list[Storm], ours: list[Storm]) -> tuple[str, bool]:
    """A sentence on one number of visitors, and whether all is well."""
    ratio = statistics.median(one.last for one in ours) / statistics.median(one.last for one in bare)
    failed, left = sum(len(one.failed) for one in ours), sum(one.left for one in ours)
    well = ratio <= ALLOWED and not failed and not left
    words = "within" if ratio <= ALLOWED else "NOT within"
    work = statistics.median(one.work for one in ours) / statistics.median(one.work for one in bare)
    text = (
        f"{ours[0].number} visitors: the last is served after {ratio:.2f} times the bare page ({work:.2f} times in processor), {words} {ALLOWED}; "
        f"{failed} failed, {left} kernels left."
    )
    return text, well


def main() -> int:
    """Measures, prints and writes the page; 1 when a bound is not kept."""
    asked = argparse.ArgumentParser(description="Let a class open the dashboard at one moment.")
    asked.add_argument("--visitors", type=int, nargs="+", default=list(NUMBERS))
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    given = asked.parse_args()
    found: dict[tuple[int, str], list[Storm]] = {}
    for one in storms(given.visitors, given.rounds):
        found.setdefault((one.number, one.page), []).append(one)
    verdicts = [verdict(*(found[number, page] for page in PAGES)) for number in given.visitors]
    words = sorted({each for group in found.values() for one in group for each in one.failed})
    page = [
        "# A class opens the page at one moment",
        "",
        f"Made by `make bench-storm`, server and visitors on one machine of {os.cpu_count()} processors; {given.rounds} rounds, each on a fresh server",
        "with one kernel in its pool. Seconds until the page's widget is there; seconds of processor, of the server and all kernels, until the",
        "last one is served; memory (PSS, MB) then. The yardstick is that of RESULTS.md.",
        "",
        (
            "| page | visitors | last served, s | smallest to largest | median visitor, s | processor a visitor, s | failed | kernels left "
            "| server, MB | a kernel, MB | yardstick, ms |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(row(group) for group in found.values()),
        "",
        *(text for text, _ in verdicts),
        *(f"Failed with: {each}" for each in words),
        "",
    ]
    keep(RESULTS, page)
    return int(not all(well for _, well in verdicts))


if __name__ == "__main__":
    sys.exit(main())
