"""A process that has read everything a kernel needs, and from then on only copies itself.

A kernel is there at once, and what was read stands in memory once for a whole class. `python -m mbc_widgets.widgets.nursery FD` is
started by `copies.py` and ends when the other end of the socket FD is closed. It is asked in lines of JSON (`argv` of the kernel,
`env`, `cwd`, `server`) and answers each with the copy's number (`pid`). It runs no thread and opens no kernel's socket before it copies
itself, so nothing is shared that must not be. The copies are children of the server: they end with it, and not with the nursery.
"""

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

KERNEL, MOST_LETTERS = (
    "kernel",
    15,
)  # how the name begins that `ps -o comm` and `top` give a copy, and how long it may be
# What a kernel would import on its way to a page, besides what the page itself imports.
READ_BEFORE = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.historyapp",
    "IPython.core.magics",
    "comm",
    "ipywidgets",
    "mbc_widgets.widgets.dashboard",
)
QUIET = 1_000  # milliseconds without a request, until the nursery reads what only outcomes need
LONGEST = 65_536  # bytes that are read at once
GO = b"!"
CLOSED = select.POLLHUP | select.POLLERR | select.POLLNVAL


def read_for_a_page() -> None:
    """Imports what a kernel needs, loads the knowledge and works one page out, so that every table that is kept is there."""
    for name in READ_BEFORE:
        importlib.import_module(name)
    from mbc_widgets.widgets.session import Session

    Session()
    keep()


def read_for_outcomes() -> None:
    """Simulates once, for the same reason."""
    from mbc_widgets.widgets.session import Session

    Session().feed.finish()
    keep()


def keep() -> None:
    """Takes what is there out of the garbage collector's way: a collection in a copy would write to all memory that it shares."""
    gc.collect()
    gc.freeze()


def serve(line: socket.socket, *, knows_outcomes: bool = False) -> None:
    """Copies this process for each line of the socket, until it is closed; a request whose asker has gone is not met."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    waiting = select.poll()
    waiting.register(line, select.POLLIN)
    asked = b""
    while True:
        events = waiting.poll(None if knows_outcomes else QUIET)
        if not events:
            read_for_outcomes()  # the first pages go before it
            knows_outcomes = True
            continue
        part = b"" if events[0][1] & CLOSED else line.recv(LONGEST)
        if not part:
            return
        asked += part
        while b"\n" in asked:
            request, _, asked = asked.partition(b"\n")
            pid, go = copy(json.loads(request), line)
            line.sendall(f"{json.dumps({'pid': pid})}\n".encode())
            os.write(go, GO)
            os.close(go)


def copy(request: dict[str, Any], line: socket.socket) -> tuple[int, int]:
    """Give the number of a new kernel's process, and what to write GO to: it begins when the server knows of it.

    It is a child of the server and not of this process: the one between the two ends at once.
    """
    told, tell = os.pipe()
    wait, go = os.pipe()
    between = os.fork()
    if between == 0:
        try:
            pid = os.fork()
            if pid == 0:
                for each in (told, tell, go, line.fileno()):
                    os.close(each)
                become_kernel(request, wait)
            os.write(tell, str(pid).encode())
        finally:
            os._exit(0)
    os.close(tell)
    os.close(wait)
    os.waitpid(between, 0)
    with os.fdopen(told) as answer:
        return int(answer.read() or 0), go


def become_kernel(request: dict[str, Any], wait: int) -> None:
    """Makes the copy a kernel with a session, environment and folder of its own; never returns."""
    code = 1
    try:
        os.setsid()
        Path("/proc/self/comm").write_text(name_of(request["argv"]))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        if os.read(wait, len(GO)) != GO:
            return  # the nursery was ended before the server knew of this copy
        os.close(wait)
        run_kernel(request["argv"], request["server"])
        atexit._run_exitfuncs()  # noqa: SLF001 - as the interpreter does at its end, which this copy does not reach
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it was, the copy must not go on as a nursery
        traceback.print_exc()
    finally:
        os._exit(code)


def run_kernel(arguments: list[str], server: int) -> None:
    """Runs a kernel until it is ended, or its server has. Two things are done here that an import does in a kernel, and that were too early before."""
    from ipykernel.kernelapp import IPKernelApp
    from ipywidgets import register_comm_target

    kernel: Any = IPKernelApp.instance()
    kernel.initialize([*arguments, f"--IPKernelApp.parent_handle={server}"])
    register_comm_target()
    if os.getppid() == server:  # the kernel looks after it from now on, but not whether it had ended before
        kernel.start()


def name_of(arguments: list[str]) -> str:
    """Give the short name of a kernel's process, as Linux takes it: "kernel-1a2b3c4d", from its connection file."""
    found = next((Path(each).stem for each in arguments if Path(each).stem.startswith(KERNEL)), KERNEL)
    return found[:MOST_LETTERS]


if __name__ == "__main__":
    sys.path[:] = [place for place in sys.path if place not in {"", str(Path.cwd())}]  # as a kernel's launcher does
    here = socket.socket(fileno=int(sys.argv[1]))
    read_for_a_page()
    serve(here)
