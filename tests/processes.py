"""The processes of a server and their memory, as Linux tells them."""

import os
from contextlib import suppress
from pathlib import Path

from mbc_widgets.widgets.nursery import KERNEL

PROC = Path("/proc")
MEGABYTE = 1_000_000


def pss(process: int) -> float:
    """Give the proportional memory of a process in MB, 0 for one that has ended."""
    with suppress(OSError):
        lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / MEGABYTE
    return 0.0


def cpu(process: int) -> float:
    """Give the seconds of processor that a process has used, 0 for one that has ended."""
    with suppress(OSError):
        fields = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def processes(root: int) -> list[int]:
    """Give a process and all that it started, the parents first."""
    found = [root]
    for each in found:
        with suppress(OSError):
            tasks = (PROC / str(each) / "task").iterdir()
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return found


def kernels(server: int) -> list[int]:
    """Give the processes of the kernels that a server runs, copies of its nursery or started one by one; not those that have ended."""
    found = ((each, command(each)) for each in processes(server)[1:])
    return [each for each, run in found if run and (name(each).startswith(KERNEL) or "ipykernel_launcher" in run)]


def name(process: int) -> str:
    """Give the short name of a process, "" for one that has ended."""
    with suppress(OSError):
        return (PROC / str(process) / "comm").read_text().strip()
    return ""


def command(process: int) -> str:
    """Give what a process was started with, "" for one that has ended."""
    with suppress(OSError):
        return (PROC / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def has_open(process: int, name: str) -> bool:
    """Say whether a process has loaded the file `name`."""
    with suppress(OSError):
        return name in (PROC / str(process) / "maps").read_text()
    return False
