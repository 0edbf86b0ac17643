"""Measures the memory of a visitor's kernel and writes benchmarks/RESULTS_MEMORY.md: `make bench-memory`. Linux only.

    python -m benchmarks.memory             # a class of 20
    python -m benchmarks.memory --visitors 5

The share of each page of memory that a process has (PSS): what several kernels share counts once between them. A kernel is looked at
again and again; what it had last before NumPy was there is what it takes before the first simulation, which NumPy works out.
"""

import argparse
import asyncio
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.kit import DASHBOARD, ROOT, as_for_a_user, keep
from tests.processes import has_open, kernels, pss
from tests.serving import free_port, serving
from tests.visitors import Visitor

RESULTS = Path(__file__).with_name("RESULTS_MEMORY.md")
ALONE, CLASS, CLICKS = 3, 20, 10
LOOK_EVERY, QUIET = 0.01, 1.0  # seconds
SIMULATES = "_multiarray_umath"  # the file of NumPy that a kernel has open once it simulates
CHANGES = [{"type": "set", "changes": {"pik3ca": state}} for state in ("mutated", "wild_type")]


class Watch:
    """Looks at all kernels of a server until they simulate, and keeps what each took last before that."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.before: dict[int, float] = {}
        self._simulate: set[int] = set()

    async def run(self) -> None:
        """Looks until it is cancelled."""
        while True:
            for kernel in set(kernels(self.server)) - self._simulate:
                now = pss(kernel)
                if has_open(kernel, SIMULATES):
                    self._simulate.add(kernel)
                elif now:
                    self.before[kernel] = now
            await asyncio.sleep(LOOK_EVERY)


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """MB of each kernel: before the first simulation, when the page is quiet after it, and after ten clicks more."""

    title: str
    before: list[float]
    after: list[float]
    clicked: list[float]

    def row(self) -> str:
        """A row of the table."""
        return f"| {self.title} | " + " | ".join(map(_spread, (self.before, self.after, self.clicked))) + " |"


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


async def together(title: str, url: str, server: int, number: int) -> Sessions:
    """Some visitors open the page together, let it simulate, and click ten times; gives the memory of their kernels."""
    watch = Watch(server)
    watching = asyncio.create_task(watch.run())
    visitors = await asyncio.gather(*(Visitor.arrive(url) for _ in range(number)))
    await asyncio.gather(*map(_quiet, visitors))
    watching.cancel()
    after = [pss(kernel) for kernel in kernels(server)]
    for turn in range(CLICKS):
        for visitor in visitors:
            await visitor.click(CHANGES[turn % 2])
        await asyncio.gather(*map(_quiet, visitors))
    clicked = [pss(kernel) for kernel in kernels(server)]
    await asyncio.gather(*(visitor.leave() for visitor in visitors))
    while kernels(server):  # noqa: ASYNC110 - a process outside
        await asyncio.sleep(QUIET)
    return Sessions(title=title, before=list(watch.before.values()), after=after, clicked=clicked)


async def _quiet(visitor: Visitor) -> None:
    """Waits until the simulation of what is shown is done, with its bands and what is folded."""
    await visitor.until("outcomes", state="ready")
    await visitor.until("bands", state="ready")
    await asyncio.sleep(QUIET)


async def measured(url: str, server: int, number: int) -> list[Sessions]:
    """A visitor alone, three times, and then a class."""
    alone = [await together("alone on the server", url, server, 1) for _ in range(ALONE)]
    first = Sessions(
        title=alone[0].title,
        before=[each for one in alone for each in one.before],
        after=[each for one in alone for each in one.after],
        clicked=[each for one in alone for each in one.clicked],
    )
    return [first, await together(f"one of {number}", url, server, number)]


def main() -> int:
    """Measures, prints and writes the page."""
    asked = argparse.ArgumentParser(description="Measure the memory of a visitor's kernel.")
    asked.add_argument("--visitors", type=int, default=CLASS, help="how many make a class")
    number = asked.parse_args().visitors
    port = free_port()
    environment = as_for_a_user(MBC_POOL="0", MBC_SEATS="0")
    with serving([*DASHBOARD, "--port", str(port)], port, cwd=ROOT, env=environment) as served:
        idle = pss(served.process)
        found = asyncio.run(measured(served.url, served.process, number))
        after = pss(served.process)
    page = [
        "# Memory of a visitor",
        "",
        "Made by `make bench-memory`: PSS of the kernel in MB (10^6 bytes), median and from smallest to largest. What several kernels share",
        "counts in part, so that one of many takes less.",
        "",
        f"| a visitor | before the first simulation | quiet after it | after {CLICKS} clicks more, each simulated |",
        "|---|---|---|---|",
        *(one.row() for one in found),
        "",
        f"The server itself: {idle:.0f} MB before anybody came, {after:.0f} MB after all had left.",
        "",
    ]
    keep(RESULTS, page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
