"""A process of root that has read what a student's server and its kernels need, and that becomes one of them for each request of the hub.

A server is then there at once, and what was read stands in memory once for a whole class. spawner.py starts it with one end of a socket
and asks in lines of JSON (`name` of the account, `argv`, `env`); it answers each with the number of the new process, and ends when the
socket is closed. It opens nothing else and runs no thread. A copy is bound by its limits and has given root up before it looks at
anything of the student's.
"""

import ctypes
import gc
import importlib
import json
import os
import pwd
import resource
import signal
import socket
import sys
import traceback
from typing import Any

import student
from limits import limits

from mbc_widgets.widgets import copies, nursery

DUMPABLE = 4  # PR_SET_DUMPABLE of prctl(2)
READ = (
    "jupyterhub.singleuser.extension",  # and not its `app`, which patches the handlers of the other kind of server
    "jupyterlab.labapp",
    "jupyter_server.serverapp",
    "jupyter_server_terminals",
    "nbgitpuller.handlers",
    "voila.server_extension",
    "mbc_widgets.widgets.own_server",
)


def read() -> None:
    """Imports everything, and works a page and its outcomes out once, so that every table that is kept is there."""
    student.leave_out()
    for name in READ:
        importlib.import_module(name)
    nursery.read_for_a_page()
    nursery.read_for_outcomes()
    copies.NURSERY.know()
    gc.collect()
    gc.freeze()


def serve(line: socket.socket) -> None:
    """Becomes a student's server, as a new process, for each line that comes in; returns when the hub has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a server that has ended
    with line.makefile("rw") as lines:
        for request in lines:
            told, tell = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.close(told)
                line.close()
                become(json.loads(request), tell)
            os.close(tell)
            with os.fdopen(told, "rb") as answer:
                answer.read()  # until root was given up: the hub never sees a process that is still root's
            lines.write(f"{pid}\n")
            lines.flush()


def become(request: dict[str, Any], tell: int) -> None:
    """Makes this process the server of a student, and closes `tell` once it is the student's; never returns."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        give_up_root(request["name"], request["memory"])
        os.close(tell)
        os.environ.clear()
        os.environ.update(request["env"])
        sys.argv = request["argv"]
        student.main(copying=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it was, the copy must not go on as root's process
        traceback.print_exc()
    finally:
        os._exit(code)


def give_up_root(name: str, memory: int) -> None:
    """Takes the limits and the account of a student, for good.

    Raises:
        PermissionError: some right of root is left.
    """
    account = pwd.getpwnam(name)
    if account.pw_uid == 0:
        raise PermissionError(f"{name} is root; a student's server is never root's")
    for which, most in limits(memory).items():
        resource.setrlimit(which, (most, most))
    os.initgroups(name, account.pw_gid)
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    if 0 in {*os.getresuid(), *os.getresgid(), *os.getgroups()}:
        raise PermissionError(f"{name}: root was not given up")
    # Now it is a process of the account like any other, which may look at itself; what it has of root's memory are packages.
    ctypes.CDLL(None).prctl(DUMPABLE, 1, 0, 0, 0)
    os.chdir(account.pw_dir)


if __name__ == "__main__":
    here = socket.socket(fileno=int(sys.argv[1]))
    read()
    serve(here)
