"""A process that has read everything a kernel needs, and from then on only copies itself.

A kernel is there at once, and what was read stands in memory once for a whole class. `python -m mbc_widgets.widgets.nursery FD` is
started by `copies.py` and ends when the other end of the socket FD is closed. It is asked in lines of JSON (`argv` of the kernel,
`env`, `cwd`) and answers each with the copy's number (`pid`). It runs no thread and opens no kernel's socket before it copies
itself, so nothing is shared that must not be.
"""

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

KERNEL = "mbc-kernel"  # what `ps -o comm` and `top` call a copy
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
)


def read_for_a_page() -> None:
    """Imports what a kernel needs, loads the knowledge and works one page out, so that every table that is kept is there."""
    for name in READ_BEFORE:
        importlib.import_module(name)
    importlib.import_module("mbc_widgets.widgets.dashboard")
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


def serve(line: socket.socket) -> None:
    """Copies this process for each line of the socket, until it is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends needs nobody to take note
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with line.makefile("rw", encoding="utf-8") as asked:
        for number, request in enumerate(asked):
            pid = os.fork()
            if pid == 0:
                become_kernel(json.loads(request), line)
            asked.write(f"{json.dumps({'pid': pid})}\n")
            asked.flush()
            if number == 0:
                read_for_outcomes()  # not before the first page is on its way


def become_kernel(request: dict[str, Any], line: socket.socket) -> None:
    """Makes the copy a kernel with a session, environment and folder of its own; never returns."""
    code = 1
    try:
        os.close(line.fileno())
        os.setsid()
        Path("/proc/self/comm").write_text(KERNEL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        run_kernel(request["argv"])
        atexit._run_exitfuncs()  # noqa: SLF001 - as the interpreter does at its end, which this copy does not reach
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it was, the copy must not go on as a nursery
        traceback.print_exc()
    finally:
        os._exit(code)


def run_kernel(arguments: list[str]) -> None:
    """Runs the kernel until it is ended. Two things are done here that an import does in a kernel, and that were too early before."""
    from ipykernel.kernelapp import IPKernelApp
    from ipywidgets import register_comm_target

    kernel: Any = IPKernelApp.instance()
    kernel.initialize([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    register_comm_target()
    kernel.start()


if __name__ == "__main__":
    sys.path[:] = [place for place in sys.path if place not in {"", str(Path.cwd())}]  # as a kernel's launcher does
    here = socket.socket(fileno=int(sys.argv[1]))
    read_for_a_page()
    serve(here)
