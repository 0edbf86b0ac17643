"""Measures a class and writes benchmarks/RESULTS_CLASS.md: `make bench-class MINUTES=30 VISITORS=100`. Linux, nginx; the hub needs root.

    python -m benchmarks.classroom --minutes 30 --visitors 100
    python -m benchmarks.classroom --minutes 2 --visitors 5 --students 3

First students log in at one moment at the hub (tests/deploy): seconds from login to board, memory and processor of each. Then visitors
click on the dashboard through nginx and TLS, as in benchmarks/soak.py, which says what counts as wrong. Nothing may be.
"""

import argparse
import asyncio
import os
import pwd
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import yardstick
from benchmarks.kit import DASHBOARD, ROOT, as_for_a_user, keep
from benchmarks.soak import Soak
from benchmarks.storm import worked
from tests.deploy.conftest import NAMES, Classroom, hub, made
from tests.nginx import prepared, running
from tests.processes import name, processes, pss
from tests.serving import Served, free_port, serving

RESULTS = Path(__file__).with_name("RESULTS_CLASS.md")
HAS_READ = 15.0  # seconds after the hub's start
CLICKS = 20
CLICK = [{"type": "set", "changes": {"pik3ca": state}} for state in ("mutated", "wild_type")]
MOST = 8.0  # seconds from login to board
BETWEEN = 30.0  # seconds between two clicks of one visitor: read, think, click; 100 visitors are then what two processors can carry


@dataclass(frozen=True, kw_only=True)
class Came:
    """A student with an open board: seconds until it was there, milliseconds of a click, MB of the server and of the kernel."""

    seconds: float
    click: float
    server: float
    kernel: float


async def come(room: Classroom, who: str, gate: asyncio.Barrier) -> tuple[float, float]:
    """One student logs in, opens the board, waits for the others, clicks; gives seconds to the board and of a click."""
    start = time.monotonic()
    student = await room.student(who)
    visitor = await student.board()
    seconds = time.monotonic() - start
    await gate.wait()
    clicks = [await visitor.click(CLICK[number % 2]) for number in range(CLICKS)]
    await gate.wait()
    await gate.wait()  # the memory is looked at in between
    await visitor.leave()
    return seconds, statistics.median(clicks)


async def lesson(room: Classroom, number: int) -> tuple[list[str], list[Came]]:
    """All come at one moment; gives what the machine did, and what each met."""
    gate, before = asyncio.Barrier(number + 1), worked(room.process)
    coming = [asyncio.create_task(come(room, who, gate)) for who in NAMES[:number]]
    await gate.wait()
    opened = worked(room.process) - before
    await gate.wait()
    clicked = worked(room.process) - before - opened
    memory = [of_a_student(room.process, who) for who in NAMES[:number]]
    of_all = sum(map(pss, processes(room.process)))
    await gate.wait()
    found = [
        Came(seconds=met[0], click=met[1] * 1e3, server=had[0], kernel=had[1])
        for met, had in zip(await asyncio.gather(*coming), memory, strict=True)
    ]
    return [f"{opened / number:.2f}", f"{clicked / number / CLICKS * 1e3:.0f}", f"{of_all:.0f}"], found


def of_a_student(root: int, who: str) -> tuple[float, float]:
    """Give the MB of a student's server (with what its kernels are copied from) and of the kernels."""
    account = pwd.getpwnam(who).pw_uid
    theirs = [each for each in processes(root) if Path(f"/proc/{each}").stat().st_uid == account]
    kernels = [each for each in theirs if name(each).startswith("kernel")]
    return sum(pss(each) for each in theirs if each not in kernels), sum(map(pss, kernels))


def ever(root: int) -> float:
    """Give the seconds of processor of a process and all that it started, those that have ended and that it waited for as well."""
    fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:15] for each in processes(root)]
    return sum(int(ticks) for each in fields for ticks in each) / os.sysconf("SC_CLK_TCK")


def at_the_hub(number: int) -> tuple[list[str], bool]:
    """Give the table of students at the hub, and whether each had the board in time."""
    with made() as passwords, hub(passwords) as room:
        time.sleep(HAS_READ)
        empty = sum(map(pss, processes(room.process)))
        (opened, clicked, of_all), came = room.do(lesson(room, number))
    worst = max(one.seconds for one in came)
    rows = {
        "students at one moment, each with an account, a server and a board": str(number),
        "login to board": f"{statistics.median(one.seconds for one in came):.1f} s, the slowest {worst:.1f} s (at most {MOST:g})",
        "processor until the board is there": f"{opened} s a student",
        "a click is answered in": f"{statistics.median(one.click for one in came):.0f} ms, {clicked} ms of processor",
        "memory of a student's server": f"{statistics.mean(one.server for one in came):.0f} MB",
        "memory of a student's kernel with a board": f"{statistics.mean(one.kernel for one in came):.0f} MB",
        "hub, proxy and what is copied, before anybody came": f"{empty:.0f} MB",
        "all together": f"{of_all} MB",
    }
    return table(rows), worst <= MOST


def table(rows: dict[str, str]) -> list[str]:
    """Give a table of two columns."""
    return ["| what | found |", "|---|---|", *(f"| {title} | {found} |" for title, found in rows.items())]


def through_nginx(minutes: float, visitors: int, pause: float) -> tuple[list[str], bool]:
    """Give the table of visitors who click through nginx, and whether nothing went wrong."""
    port, beside = free_port(), yardstick()
    environment = as_for_a_user(MBC_SEATS="0", MBC_POOL="1")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving([*DASHBOARD, "--port", str(port)], port, cwd=ROOT, env=environment) as board,
    ):
        way = prepared(Path(folder), hub=port, board=port, names={"board": "localhost"})
        with running(way) as nginx:
            served = Served(url=f"https://localhost:{way.secret}/", process=board.process)
            soak = Soak(served=served, minutes=minutes, pause=pause, door={"ca_certs": way.certificate})
            gone, left = asyncio.run(soak.run(visitors))
            work, of_nginx = ever(board.process), ever(nginx)
    seconds = [each for _, each in soak.clicks] or [0.0]
    most = max(soak.samples, key=lambda one: one.server + one.kernels)
    rows = {
        "visitors at once, minutes": f"{visitors}, {minutes:g}",
        "visits": f"{len(soak.visits)}, {len(soak.silent)} of them left without a word",
        "a visit is served in": f"{statistics.median(soak.visits or [0.0]):.1f} s, the slowest in {max(soak.visits, default=0.0):.1f} s",
        "clicks": f"{len(soak.clicks)}, each visitor about every {pause:g} s",
        "errors: lost, refused or not answered": str(len(soak.wrong)),
        "a click is answered in": f"{statistics.median(seconds) * 1e3:.0f} ms, 95 of 100 below {statistics.quantiles(seconds * 2, n=20)[-1] * 1e3:.0f} ms",
        "processor": f"{work:.0f} s of the server and its kernels, {of_nginx:.0f} s of nginx; {work / minutes / 60:.2f} processors busy on the mean",
        "most memory": f"{most.server + most.kernels:.0f} MB: the server {most.server:.0f}, {most.number} kernels of {most.kernels / max(most.number, 1):.0f}",
        "all pages closed": f"kernels gone after {gone:.1f} s, {left} left",
        "yardstick before and after": f"{beside * 1e3:.0f}, {yardstick() * 1e3:.0f} ms",
    }
    return [*table(rows), "", *soak.wrong[:20]], not soak.wrong and not left


def main() -> int:
    """Measures, prints and writes the page; 1 when something is wrong."""
    asked = argparse.ArgumentParser(description="Measure a class at the hub, and visitors through nginx.")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--visitors", type=int, default=100)
    asked.add_argument("--students", type=int, default=len(NAMES), choices=range(1, len(NAMES) + 1))
    asked.add_argument("--pause", type=float, default=BETWEEN)
    given = asked.parse_args()
    if os.geteuid():
        sys.exit("A class needs accounts, and only root can make them: sudo make bench-class")
    students, in_time = at_the_hub(given.students)
    print("\n".join(students), flush=True)
    visitors, well = through_nginx(given.minutes, given.visitors, given.pause)
    page = [
        "# A class",
        "",
        f"Made by `make bench-class MINUTES={given.minutes:g} VISITORS={given.visitors}` on {os.cpu_count()} processors; students and visitors are played",
        "by the same machine, without a browser's drawing. Memory is PSS in MB (10^6 bytes); the yardstick is that of RESULTS.md.",
        "",
        "## At the hub",
        "",
        *students,
        "",
        "## On the dashboard, through nginx and TLS",
        "",
        *visitors,
        "All is well." if in_time and well else "NOT well.",
        "",
    ]
    keep(RESULTS, page)
    return int(not (in_time and well))


if __name__ == "__main__":
    sys.exit(main())
