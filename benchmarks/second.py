"""Measures how long after the board the outcomes arrive and writes benchmarks/RESULTS_SECOND.md.

    python -m benchmarks.second           # medians and 95th centile of five rounds
    python -m benchmarks.second --quick   # one short round, nothing is written

A page is changed again and again in a process as its kernel runs it, on a loop; what would go to the browser is turned into JSON, as
the kernel does, and its moment is noted. First from the page's message to that of the outcomes, then to that of the bands of the
parameters, then to that of the folded pictures. Each stands beside the yardstick of bench.py. What the browser adds is in
RESULTS_BROWSER.md.
"""

import argparse
import asyncio
import json
import platform
import statistics
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.bench import SCENARIO, yardstick
from mbc_widgets.simulate.view import SIZE
from mbc_widgets.widgets.outcomes import READY
from mbc_widgets.widgets.session import Session
from mbc_widgets.widgets.study import StudyPage

RESULTS = Path(__file__).with_name("RESULTS_SECOND.md")
ROUNDS, CHANGES = 5, 21
WAIT = 60.0  # seconds
FIELDS = {
    "pik3ca": ("mutated", "wild_type"),
    "germline_brca": ("pathogenic", "negative"),
    "esr1": ("wild_type", "mutated"),
}
BOARD, SECOND, BANDS, FOLDED = "board", "outcomes", "bands", "folded pictures"
WHAT = {
    SECOND: f"five sequences x {SIZE:,} people: the chosen two with the pictures that are open",
    BANDS: "how sure the parameters leave the chosen two",
    FOLDED: "the folded pictures of the chosen two",
}


class Wire:
    """Stands where the kernel's messages leave: turns each into JSON and notes when it left, by what it was."""

    comm_id = "benchmark"

    def __init__(self) -> None:
        self.left: dict[str, float] = {}
        self.bytes: dict[str, int] = {}
        self.done = asyncio.Event()

    def send(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:  # noqa: ARG002 - a comm's
        """Take a message as a comm does."""
        size = len(json.dumps(data))
        for name, value in (data or {}).get("state", {}).items():
            kind = self._kind(name, value)
            if kind:
                self.left[kind], self.bytes[kind] = time.perf_counter(), size
        if FOLDED in self.left:
            self.done.set()

    def on_msg(self, callback: Any) -> None:
        """Hear nothing: no browser answers."""

    def close(self) -> None:
        """Close nothing."""

    def _kind(self, name: str, value: Any) -> str:
        if name == "page":
            self.left.clear()
            return BOARD
        if not isinstance(value, dict) or value.get("state") != READY:
            return ""
        if name == BANDS:
            return BANDS
        return FOLDED if BANDS in self.left else SECOND


def changes() -> Iterator[tuple[str, str]]:
    """Changes of one field after the other, and then back."""
    return cycle([(field, states[turn]) for turn in (0, 1) for field, states in FIELDS.items()])


async def rounds(count: int, each: int) -> list[dict[str, list[float]]]:
    """Give the seconds from the board to each message, and the yardstick, in `count` rounds of `each` changes."""
    session = Session(SCENARIO)
    page, wire, wanted = StudyPage(session), Wire(), changes()
    page.comm = wire
    found = []
    for _ in range(count):
        seconds: dict[str, list[float]] = {
            name: [] for name in (*WHAT, "yardstick", *(f"{name} bytes" for name in WHAT))
        }
        for _ in range(each):
            field, state = next(wanted)
            seconds["yardstick"].append(yardstick())
            wire.done.clear()
            session.change(**{field: state})
            await asyncio.wait_for(wire.done.wait(), WAIT)
            for name in WHAT:
                seconds[name].append(wire.left[name] - wire.left[BOARD])
                seconds[f"{name} bytes"].append(wire.bytes[name])
        found.append(seconds)
    return found


def row(name: str, found: list[dict[str, list[float]]]) -> str:
    """Give a row of the table: the median of the rounds' medians and of their 95th centiles."""
    middle = statistics.median(statistics.median(each[name]) for each in found)
    slow = statistics.median(statistics.quantiles(each[name], n=20)[-1] for each in found)
    beside = statistics.median(statistics.median(each["yardstick"]) for each in found)
    size = statistics.median(statistics.median(each[f"{name} bytes"]) for each in found)
    times = f"{middle * 1e3:.0f} | {slow * 1e3:.0f} | {beside * 1e3:.0f} | {middle / beside:.2f} | {slow / beside:.2f}"
    return f"| {WHAT[name]} | {times} | {size / 1e3:.0f} |"


def main() -> None:
    """Measures, prints the page and writes it, unless --quick."""
    options = argparse.ArgumentParser(description="Measure how long after the board the outcomes arrive.")
    options.add_argument("--quick", action="store_true", help="one short round, nothing written")
    quick = options.parse_args().quick
    found = asyncio.run(rounds(1 if quick else ROUNDS, 7 if quick else CHANGES))
    head = [
        "# How long after the board the outcomes arrive",
        "",
        f"Made by `python -m benchmarks.second` on {platform.machine()}, {platform.system()}, Python {platform.python_version()}; median of",
        f"{ROUNDS} rounds of {CHANGES} changes of {SCENARIO}, each from the moment the board's message leaves. The yardstick is",
        "that of RESULTS.md, 25 ms when this machine is quiet: where it stands at 50, halve the milliseconds.",
        "",
        "| until this message has left | median, ms | 95 of 100, ms | yardstick, ms | ratio, median | ratio, 95 of 100 | kB |",
        "|---|---|---|---|---|---|---|",
    ]
    text = "\n".join([*head, *(row(name, found) for name in WHAT), ""])
    print(text)
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
