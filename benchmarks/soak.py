"""Lets visitors click for long and looks whether anything grows, is lost or stays behind: `make soak MINUTES=30 VISITORS=20`. Linux only.

    python -m benchmarks.soak --minutes 30 --visitors 20
    python -m benchmarks.soak --minutes 2 --visitors 4 --pause 2

Every visitor (tests/visitors.py) clicks about every ten seconds, as a reader does, with the messages of the page's script. A quarter
stays to the end; the others leave after some minutes and new ones come. One in ten leaves without a word, as a laptop that is shut.

Fails when
- a session was lost, a click or a visit was not answered, or a visitor was refused;
- the memory (PSS) of the server, or the mean of the kernels that stay, grows: the middle one of the slopes between all pairs of samples
  (Theil and Sen) after the first third, in which caches fill, is above 0.25 MB a minute, which would be 15 MB in a lecture of an hour;
- a kernel is left a minute after all pages were closed. One whose page left without a word may stay until it is culled.
Shorter than ten minutes, growth is told and not judged.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.bench import yardstick
from benchmarks.kit import DASHBOARD, ROOT, as_for_a_user
from mbc_widgets.widgets.nursery import name_of
from tests.processes import command, kernels, name, pss
from tests.serving import Served, free_port, serving
from tests.visitors import Visitor

RESULTS = Path(__file__).with_name("RESULTS_SOAK.md")
MINUTE = 60.0
PAUSE = 10.0  # seconds between two clicks of one visitor, from half to one and a half of it
STAYS = (2 * MINUTE, 6 * MINUTE)  # seconds, of those who leave
STAY_TO_THE_END, WITHOUT_A_WORD = 0.25, 0.1
SAMPLE = 10.0  # seconds
MOST_GROWTH = 0.25  # MB a minute
JUDGED_FROM = 10  # minutes
CULLED_AFTER = 11 * MINUTE  # ten minutes, and the look around every half
GONE_WITHIN = MINUTE
SETTINGS: dict[str, tuple[Any, ...]] = {
    "esr1": ("mutated", "wild_type", None),
    "pik3ca": ("mutated", "wild_type", None),
    "germline_brca": ("pathogenic", "negative", None),
    "performance_status": (0, 1, 2),
}
DAYS = ("2012-03-19", "2016-06-01", "2019-06-01", "2023-06-01", "2026-07-01")
OTHERS: tuple[dict[str, Any], ...] = (
    {"type": "undo"},
    {"type": "redo"},
    {"type": "reset"},
    {"type": "align", "to": "now"},
    {"type": "align", "to": "diagnosis"},
    {"type": "regulator", "regulator": "EMA"},
    {"type": "regulator", "regulator": "FDA"},
    {"type": "sequences", "letters": ["A", "C"]},
    {"type": "sequences", "letters": ["B"]},
    {"type": "mode", "to": "present"},
    {"type": "mode", "to": "compare"},
    {"type": "mode", "to": "study"},
)


def a_click(rng: random.Random, scenarios: list[str]) -> dict[str, Any]:
    """Give what a reader does next: mostly a change of the patient, at times another day, scenario or mode."""
    name = rng.choice(list(SETTINGS))
    kinds: dict[str, dict[str, Any]] = {
        "patient": {"type": "set", "changes": {name: rng.choice(SETTINGS[name])}},
        "day": {"type": "day", "day": rng.choice(DAYS)},
        "scenario": {"type": "scenario", "id": rng.choice(scenarios)},
        "other": rng.choice(OTHERS),
    }
    return kinds[rng.choices(list(kinds), weights=(12, 2, 1, 5))[0]]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """MB at one moment: the server, the kernels that stay (mean), all kernels together."""

    minute: float
    server: float
    staying: float
    kernels: float
    number: int


@dataclass(kw_only=True)
class Soak:
    """One soak: what was clicked, how long the answers took, what went wrong."""

    served: Served
    minutes: float
    pause: float
    visits: list[float] = field(default_factory=list)
    clicks: list[tuple[float, float]] = field(default_factory=list)  # minute, seconds
    wrong: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    silent: list[float] = field(default_factory=list)  # when somebody left without a word
    staying: set[str] = field(default_factory=set)  # kernels
    start: float = field(default_factory=time.monotonic)
    door: dict[str, Any] = field(default_factory=dict)  # what a visitor's requests need

    @property
    def minute(self) -> float:
        """Minutes since the start."""
        return (time.monotonic() - self.start) / MINUTE

    @property
    def left(self) -> float:
        """Seconds to the end."""
        return (self.minutes - self.minute) * MINUTE

    async def seat(self, seed: int, *, stays: bool) -> None:
        """One seat to the end: a visitor, and when that one leaves the next."""
        rng = random.Random(seed)  # noqa: S311 - a soak that can be repeated
        await asyncio.sleep(rng.random() * self.pause)
        while self.left > 0:
            try:
                await self.visitor(rng, until=self.left if stays else rng.uniform(*STAYS))
            except Exception as error:  # noqa: BLE001 - counted, whatever it is
                self.wrong.append(f"minute {self.minute:.1f}: {type(error).__name__}: {error}")
                await asyncio.sleep(self.pause)

    async def visitor(self, rng: random.Random, until: float) -> None:
        """One visitor comes, clicks for `until` seconds and leaves."""
        begin = time.monotonic()
        visitor = await Visitor.arrive(self.served.url, **self.door)
        self.visits.append(time.monotonic() - begin)
        if until >= self.left:
            self.staying.add(visitor.kernel)
        scenarios = [one["id"] for one in visitor.state["page"]["scenarios"]]
        try:
            while time.monotonic() - begin < until and self.left > 0:
                await asyncio.sleep(rng.uniform(0.5, 1.5) * self.pause)
                self.clicks.append((self.minute, await visitor.click(a_click(rng, scenarios))))
        finally:
            says_so = self.left < CULLED_AFTER or rng.random() > WITHOUT_A_WORD
            if not says_so:
                self.silent.append(time.monotonic())
            await visitor.leave(says_so=says_so)

    async def sample(self) -> None:
        """Looks at the memory until it is cancelled."""
        while True:
            await asyncio.sleep(SAMPLE)
            found = {process: pss(process) for process in kernels(self.served.process)}
            stay = [
                size
                for process, size in found.items()
                if any(
                    each in command(process) or name_of([f"kernel-{each}.json"]) == name(process)
                    for each in self.staying
                )
            ]
            self.samples.append(
                Sample(
                    minute=self.minute,
                    server=pss(self.served.process),
                    staying=statistics.mean(stay) if stay else 0.0,
                    kernels=sum(found.values()),
                    number=len(found),
                )
            )
            if len(self.samples) % 6 == 0:
                print(self.line(), flush=True)

    def line(self) -> str:
        """Where the soak stands."""
        last = self.samples[-1]
        recent = [seconds for minute, seconds in self.clicks if minute > self.minute - 1] or [0.0]
        return (
            f"minute {self.minute:5.1f}: server {last.server:.0f} MB, {last.number} kernels of {last.kernels / max(last.number, 1):.1f} MB, "
            f"those that stay {last.staying:.1f} MB; {len(recent)} clicks, median {statistics.median(recent) * 1e3:.0f} ms; {len(self.wrong)} wrong"
            + "".join(f", last: {each}" for each in self.wrong[-1:])
        )

    async def run(self, visitors: int) -> tuple[float, int]:
        """Plays all of it; gives the seconds until the kernels were gone, and how many were not."""
        sampling = asyncio.create_task(self.sample())
        staying = max(1, round(visitors * STAY_TO_THE_END))
        await asyncio.gather(*(self.seat(seed, stays=seed < staying) for seed in range(visitors)))
        sampling.cancel()
        closed = time.monotonic()
        end = max([closed + GONE_WITHIN, *(when + CULLED_AFTER for when in self.silent)])
        while (left := len(kernels(self.served.process)) - 1) > 0 and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        return time.monotonic() - closed, max(left, 0)


def slope(points: list[tuple[float, float]]) -> float:
    """Give the middle one of the slopes between all pairs of points, MB a minute."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2)]
    return statistics.median(slopes) if slopes else 0.0


def growth(soak: Soak) -> dict[str, float]:
    """Give the growth after the first third, MB a minute."""
    later = [one for one in soak.samples if one.minute > soak.minutes / 3]
    return {
        "server": slope([(one.minute, one.server) for one in later]),
        "a kernel that stays": slope([(one.minute, one.staying) for one in later if one.staying]),
    }


def report(soak: Soak, visitors: int, gone: float, left: int) -> tuple[str, bool]:
    """Give the page of results, and whether all is well."""
    grows, judged = growth(soak), soak.minutes >= JUDGED_FROM
    seconds = [each for _, each in soak.clicks] or [0.0]
    thirds = [
        [each for minute, each in soak.clicks if part / 3 <= minute / soak.minutes < (part + 1) / 3] or [0.0]
        for part in range(3)
    ]
    first, last = soak.samples[0], soak.samples[-1]
    well = not soak.wrong and not left and not (judged and max(grows.values()) > MOST_GROWTH)
    slow = statistics.quantiles(seconds * 2, n=20)[-1]
    medians = ", ".join(f"{statistics.median(each) * 1e3:.0f}" for each in thirds)
    rows = {
        "visits": f"{len(soak.visits)}, {len(soak.silent)} of them left without a word",
        "a visit is served in": f"{statistics.median(soak.visits or [0.0]):.1f} s, the slowest in {max(soak.visits, default=0.0):.1f} s",
        "clicks": f"{len(soak.clicks)}",
        "lost, refused or not answered": f"{len(soak.wrong)}",
        "a click is answered in": f"{statistics.median(seconds) * 1e3:.0f} ms, 95 of 100 below {slow * 1e3:.0f} ms",
        "its median in each third": f"{medians} ms",
        "server, first and last sample": f"{first.server:.0f}, {last.server:.0f} MB",
        "kernels together": f"{first.kernels:.0f}, {last.kernels:.0f} MB ({first.number}, {last.number} kernels)",
        "a kernel that stays": f"{first.staying:.1f}, {last.staying:.1f} MB",
        **{f"growth, {name}": f"{each:+.3f} MB a minute (at most {MOST_GROWTH})" for name, each in grows.items()},
        "all pages closed": f"kernels gone after {gone:.1f} s, {left} left",
        "yardstick after it": f"{yardstick() * 1e3:.0f} ms",
    }
    lines = [
        "# Clicking for long",
        "",
        f"Made by `make soak MINUTES={soak.minutes:g} VISITORS={visitors}` on {os.cpu_count()} processors; each visitor clicks about every {soak.pause:g} s.",
        "How it is judged is told in benchmarks/soak.py. Memory is PSS; the yardstick is that of RESULTS.md.",
        "",
        "| what | found |",
        "|---|---|",
        *(f"| {name} | {found} |" for name, found in rows.items()),
        "",
        *soak.wrong[:20],
        "All is well." if well else "NOT well.",
        "" if judged else "Shorter than ten minutes: growth is not judged.",
    ]
    return "\n".join(lines).rstrip() + "\n", well


def main() -> int:
    """Soaks, prints and, from ten minutes on, writes the page; 1 when something is wrong."""
    asked = argparse.ArgumentParser(description="Let visitors click for long.")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--visitors", type=int, default=20)
    asked.add_argument("--pause", type=float, default=PAUSE)
    given = asked.parse_args()
    port = free_port()
    environment = as_for_a_user(MBC_SEATS="0", MBC_POOL="1")
    with serving([*DASHBOARD, "--port", str(port)], port, cwd=ROOT, env=environment) as served:
        soak = Soak(served=served, minutes=given.minutes, pause=given.pause)
        gone, left = asyncio.run(soak.run(given.visitors))
    text, well = report(soak, given.visitors, gone, left)
    print(text)
    if given.minutes >= JUDGED_FROM:
        RESULTS.write_text(text, encoding="utf-8")
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
