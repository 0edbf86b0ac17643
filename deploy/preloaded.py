"""A process of root that has read what a student's server and its kernels need, and that becomes one of them for each request of the hub.

A server is then there at once, and what was read stands in memory once for a whole class. spawner.py starts it with one end of a socket
and asks in lines of JSON (`name` of the account, `memory` in bytes, `argv`, `env`); it answers each with the number of the new process,
and ends when the socket is closed. It opens nothing else and runs no thread. A copy is bound by its limits and has given root up before
it looks at anything of the student's. What is asked for one student, a token among it, is read by the copy alone, so that no later copy
has it in its memory; and the copy closes the socket before it is the student's.
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
LOG = ".mbc-server.log"  # in the student's home folder
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
    while line.recv(1, socket.MSG_PEEK):
        told, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(told)
            become(line, tell)
        os.close(tell)
        with os.fdopen(told, "rb") as answer:
            answer.read()  # until root was given up: the hub never sees a process that is still root's
        line.sendall(f"{pid}\n".encode())


def become(line: socket.socket, tell: int) -> None:
    """Makes this process the server that the next line asks for, and closes `tell` once it is the student's; never returns."""
    code = 1
    try:
        request = asked(line)
        line.close()
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        give_up_root(request["name"], request["memory"])
        write_to_own_file()
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


def asked(line: socket.socket) -> dict[str, Any]:
    """Give what the next line of the socket asks for."""
    text = b""
    while not text.endswith(b"\n"):  # one line at a time is asked, and nothing stands behind it
        part = line.recv(1 << 16)
        if not part:
            raise ConnectionResetError("the hub has gone")
        text += part
    found: dict[str, Any] = json.loads(text)
    return found


def write_to_own_file() -> None:
    """Lets what is printed go into a file of the student's: not to the hub's terminal, from which a process could read too."""
    try:
        log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    except OSError:  # a full disk, or something else of that name, as a pipe without a reader: no reason for no server
        log = os.open(os.devnull, os.O_WRONLY)
    for each in (1, 2):
        os.dup2(log, each)
    os.close(log)


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
