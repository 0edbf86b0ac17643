"""Kernels as copies of a nursery (see `nursery.py`), for Jupyter's kernel manager.

Where a process cannot be copied, or the nursery does not answer, a kernel is started the usual way.
"""

import asyncio
import ctypes
import logging
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import EntryPoint
from json import dumps, loads
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from mbc_widgets.knowledge import content_key, data_folder

LOG = logging.getLogger("mbc_widgets")
NAME = "mbc-copies"
LAUNCHER = "ipykernel_launcher"
READ_WITHIN, ANSWERS_WITHIN = 60.0, 20.0  # seconds; the first time it reads everything
LONGEST = 65_536  # bytes of an answer
ADOPT = 36  # PR_SET_CHILD_SUBREAPER of prctl(2): whose parent has ended becomes a child of this process


def can_copy() -> bool:
    """Whether kernels can be copies here: Linux, whose processes can be adopted, and watched by a handle and not only by a number."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def use_copies() -> None:
    """Lets every kernel of this process be a copy, where that can be."""
    if can_copy() and ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0) == 0:
        factory = KernelProvisionerFactory.instance()
        factory.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:Copies", factory.GROUP_NAME)
        factory.default_provisioner_name = NAME


class Copy:
    """A kernel's process, as `subprocess.Popen` shows its own; the handle stays that of this very process."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._handle = os.pidfd_open(pid)
        self._end = select.poll()
        self._end.register(self._handle, select.POLLIN)

    def poll(self) -> int | None:
        """Give None while it runs, then 0."""
        return self._ended() if self.returncode is None and self._end.poll(0) else self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits until it has ended.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        if self.returncode is None and not self._end.poll(None if timeout is None else timeout * 1000):
            raise subprocess.TimeoutExpired(LAUNCHER, timeout or 0)
        return self._ended()

    def _ended(self) -> int:
        if self.returncode is None:
            self.returncode = 0
            os.close(self._handle)
            with suppress(ChildProcessError):
                os.waitpid(self.pid, os.WNOHANG)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Sends a signal, if it still runs."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The nursery of this server: started when the first kernel is wanted, and anew when it was lost or the knowledge was edited."""

    def __init__(self) -> None:
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | Copy | None = None
        self._knows = ""
        self._one_at_a_time = asyncio.Lock()

    async def copy(self, request: dict[str, Any]) -> Copy:
        """Give the process of a new kernel.

        Raises:
            OSError, ValueError: the nursery does not answer, or not with a process that runs.
        """
        async with self._one_at_a_time:
            knows = await asyncio.to_thread(_edition)
            if knows != self._knows:
                self.close()
            patience = ANSWERS_WITHIN if self._line else READ_WITHIN
            self._knows = knows
            try:
                pid = await asyncio.wait_for(self._ask({**request, "server": os.getpid()}), patience)
            except (
                BaseException
            ):  # also when nobody waits any more: an answer that comes late would be taken for the next one
                self.close()
                raise
            return Copy(pid)

    async def _ask(self, request: dict[str, Any]) -> int:
        line, loop = self._line or self._start(), asyncio.get_running_loop()
        await loop.sock_sendall(line, f"{dumps(request)}\n".encode())
        answer = b""
        while not answer.endswith(b"\n"):
            part = await loop.sock_recv(line, LONGEST)
            if not part:
                raise ConnectionResetError("the nursery of kernels has ended")
            answer += part
        return int(loads(answer)["pid"])

    def _start(self) -> socket.socket:
        here, there = socket.socketpair()
        with there:
            # More threads of a mathematical library than one would not survive being copied, and no part of ours uses them.
            environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
            command = [sys.executable, "-m", "mbc_widgets.widgets.nursery", str(there.fileno())]
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command, pass_fds=[there.fileno()], env=environment, stdin=subprocess.DEVNULL, start_new_session=True
            )
        here.settimeout(0)
        self._line = here
        return here

    def know(self) -> None:
        """Takes the knowledge as it stands for that which the nursery will have."""
        self._knows = _edition()

    def adopt(self, line: socket.socket, process: Copy) -> None:
        """Takes over a nursery that runs; `line` is the end of its socket on this side."""
        line.settimeout(0)
        self._line, self._process = line, process

    def close(self) -> None:
        """Ends the nursery, at once: what it was asked and has not done it must not do later. Kernels that it has made go on."""
        if self._line is not None and self._process is not None:
            self._line.close()
            self._process.kill()
            self._process.wait()
            self._line = self._process = None


def _edition() -> str:
    """Give the key of the knowledge as it stands on the disk: "" for that of an installed package, which nobody edits."""
    folder = data_folder()
    return content_key(folder) if folder else ""


NURSERY = Nursery()


def bury() -> None:
    """Takes away what kernels left behind and this process was given as a child: it has ended, and still counts among an account's processes.

    Told by its session: what this process starts is in its session or leads one of its own, and is waited for where it was started.
    """
    ours = os.getsid(0)
    for task in Path("/proc/self/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            with suppress(OSError):
                state, _, _, session = Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2].split()[:4]
                if state == "Z" and int(session) not in {ours, child}:
                    os.waitpid(child, os.WNOHANG)


def copy_this_process() -> None:
    """Lets every kernel of this process be a copy of it as it is now; it must have read everything, and run no thread."""
    from mbc_widgets.widgets import nursery

    here, there = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            here.close()
            nursery.serve(there, knows_outcomes=True)
        finally:
            os._exit(0)
    there.close()
    NURSERY.adopt(here, Copy(pid))
    use_copies()


class Copies(LocalProvisioner):
    """Starts a Python kernel as a copy of the nursery."""

    async def launch_kernel(self, cmd: list[str], **rest: Any) -> Any:
        """Give how to connect to the kernel that was started."""
        if LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **rest)
        request = {
            "argv": cmd[cmd.index(LAUNCHER) + 1 :],
            "env": dict(rest.get("env") or os.environ),
            "cwd": rest.get("cwd") or str(Path.cwd()),
        }
        try:
            copy = await NURSERY.copy(request)
        except (OSError, ValueError):
            LOG.exception("no copy of the nursery; the kernel is started the usual way")
            return await super().launch_kernel(cmd, **rest)
        self.process: Any = copy
        self.pid, self.pgid = copy.pid, None
        return self.connection_info
