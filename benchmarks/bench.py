"""Measures speed and memory of the core and writes benchmarks/RESULTS.md: `make bench`.

    python benchmarks/bench.py            # five repetitions of each, RESULTS.md is written anew
    python benchmarks/bench.py --quick    # one repetition, nothing is written

Each figure is the median of its repetitions and stands beside a fixed loop of plain Python that was timed in the same
repetition: where a machine is slower or busy, the ratio of the two stays.
"""

import argparse
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mbc_widgets.compiler import compile_folder
from mbc_widgets.contract import as_dict
from mbc_widgets.eligibility import options
from mbc_widgets.facts import Facts, facts
from mbc_widgets.knowledge import Knowledge, Snapshot, data_folder, load
from mbc_widgets.sequences import plan
from mbc_widgets.strategies import STRATEGIES
from mbc_widgets.workbook import look, scenario

RESULTS = Path(__file__).with_name("RESULTS.md")
REPEATS = 5
CALLS = 20  # short calls are timed together, this many at a time
SCENARIO = "esr1-after-cdk46"
FRESH_LOAD = """
import time; start = time.perf_counter()
from mbc_widgets.workbook import look
from mbc_widgets.knowledge import load
load(); print(time.perf_counter() - start)
"""
MEMORY = """
def resident():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
before = resident()
from mbc_widgets.workbook import look, scenario
patient, day, regulator = scenario("esr1-after-cdk46"); look(patient, day=day, regulator=regulator)
print(resident(), before)
"""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Seconds of one thing in each repetition, and of the yardstick beside it."""

    name: str
    seconds: list[float]
    yardstick: list[float]

    def row(self) -> str:
        """A row of the table, in milliseconds."""
        middle, beside = statistics.median(self.seconds), statistics.median(self.yardstick)
        spread = f"{min(self.seconds) * 1e3:.2f} to {max(self.seconds) * 1e3:.2f}"
        return f"| {self.name} | {middle * 1e3:.2f} | {spread} | {beside * 1e3:.1f} | {middle / beside:.3f} |"


def yardstick() -> float:
    """Seconds for a fixed amount of plain Python: a million additions of the values of a dictionary."""
    table = {number: number for number in range(1_000)}
    start = time.perf_counter()
    total = 0
    for _ in range(1_000):
        for value in table.values():
            total += value
    return time.perf_counter() - start


def fresh(code: str) -> list[str]:
    """What a new Python process prints when it runs `code`."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def timed(call: Callable[[], object], calls: int = 1) -> float:
    """Seconds for one call, from `calls` of them."""
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def measures() -> dict[str, Callable[[], float]]:
    """Every thing that is measured, each giving its seconds."""
    known = load()
    folder = data_folder()
    patient, day, regulator = scenario(SCENARIO)
    snapshot = known.on(day, regulator)
    state = facts(patient, snapshot)
    unseen = _unseen_days()
    listed = options(state, snapshot)
    lines = max(len(sequence.lines) for sequence in plan(state, snapshot))
    assert folder  # noqa: S101 - a checkout
    return {
        "import and load, fresh process": lambda: float(fresh(FRESH_LOAD)[0]),
        "check and compile data/ (YAML to one file)": lambda: timed(lambda: compile_folder(folder)),
        "Knowledge.on, a day not yet seen": lambda: timed(lambda: known.on(next(unseen), regulator)),
        "facts": lambda: timed(lambda: facts(patient, snapshot), CALLS),
        f"options, {len(listed)} regimens with flips": lambda: timed(lambda: options(state, snapshot), CALLS),
        f"options, {len(listed)} regimens without flips": lambda: timed(
            lambda: options(state, snapshot, flips=False), CALLS
        ),
        f"plan, {len(STRATEGIES)} strategies with branches, up to {lines} lines": lambda: timed(
            lambda: plan(state, snapshot), CALLS
        ),
        "options with flips, 95 of 100 views below": lambda: _slow(_views(known), options),
        "plan with branches, 95 of 100 views below": lambda: _slow(_views(known), plan),
        "look, the whole chain": lambda: timed(lambda: look(patient, day=day, regulator=regulator), CALLS),
        "look and its JSON contract": lambda: timed(
            lambda: as_dict(look(patient, day=day, regulator=regulator)), CALLS
        ),
    }


def _views(known: Knowledge) -> list[tuple[Facts, Snapshot]]:
    """Every scenario on five days under each regulator."""
    days = ("2012-03-19", "2016-06-01", "2019-06-01", "2023-06-01", known.edition.current_day)
    snapshots = [known.on(day, regulator) for day in days for regulator in known.edition.regulators]
    return [(facts(scenario(name)[0], snapshot), snapshot) for name in known.scenarios for snapshot in snapshots]


def _slow(views: list[tuple[Facts, Snapshot]], call: Callable[[Facts, Snapshot], object]) -> float:
    """Seconds below which 95 of 100 views are answered."""
    return statistics.quantiles([timed(partial(call, *view)) for view in views], n=20)[-1]


def _unseen_days() -> Iterator[str]:
    """Days on which nobody has looked yet in this process; a day that was seen is kept and costs nothing."""
    return (f"{year}-{month:02d}-03" for year in range(2025, 2012, -1) for month in range(12, 0, -1))


def measure(name: str, once: Callable[[], float], repeats: int) -> Measured:
    """One thing, `repeats` times, each time beside the yardstick."""
    pairs = [(yardstick(), once()) for _ in range(repeats)]
    return Measured(name=name, yardstick=[pair[0] for pair in pairs], seconds=[pair[1] for pair in pairs])


def memory(repeats: int) -> str:
    """A sentence on the resident memory of a process that has looked at one patient; Linux only."""
    if not Path("/proc/self/status").exists():
        return "Memory is measured on Linux only."
    pairs = [tuple(map(int, fresh(MEMORY))) for _ in range(repeats)]
    after, before = (statistics.median(pair[index] for pair in pairs) / 1_000 for index in (0, 1))
    return f"Resident memory of a process that has looked at one patient: {after:.0f} MB, of which bare Python {before:.0f} MB."


def table(found: list[Measured], remembered: str, repeats: int) -> str:
    """The page of results."""
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    head = [
        "# Speed and memory",
        "",
        f"Made by `make bench` on {machine}; median of {repeats}, scenario {SCENARIO}. The yardstick is a fixed loop of a",
        "million additions in plain Python, timed in the same repetition: compare the ratio, not the milliseconds.",
        "",
        "| what | median, ms | smallest to largest, ms | yardstick, ms | ratio |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(measured.row() for measured in found), "", remembered, ""])


def main() -> None:
    """Measures everything and prints the page; writes it too, unless --quick."""
    options_of = argparse.ArgumentParser(description="Measure speed and memory of the core.")
    options_of.add_argument("--quick", action="store_true", help="one repetition each, nothing written")
    quick = options_of.parse_args().quick
    repeats = 1 if quick else REPEATS
    found = [measure(name, once, repeats) for name, once in measures().items()]
    page = table(found, memory(repeats), repeats)
    print(page)
    if not quick:
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
