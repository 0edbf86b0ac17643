"""Starts a student's server where no systemd is: as a copy of a process that has read everything (preloaded.py), under the student's account."""

import asyncio
import json
import os
import pwd
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyterhub.spawner import LocalProcessSpawner
from jupyterhub.utils import random_port
from limits import in_bytes
from traitlets import Unicode

HERE = Path(__file__).resolve().parent
LOOK = 0.1  # seconds; the hub itself would look at ever longer intervals


class Preloaded:
    """The process that is copied: started with the hub, and anew if it was lost."""

    def __init__(self) -> None:
        """Starts it, so that it has read everything when the first student comes."""
        self._one_at_a_time = asyncio.Lock()
        self._start()

    def _start(self) -> None:
        here, there = socket.socketpair()
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        single = {
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "HOME": "/nonexistent",
        }  # threads do not survive being copied
        command = [sys.executable, str(HERE / "preloaded.py"), str(there.fileno())]
        with there:
            subprocess.Popen(
                command, pass_fds=[there.fileno()], env=kept | single, stdin=subprocess.DEVNULL, start_new_session=True
            )
        here.settimeout(0)
        self._line = here

    async def copy(self, request: dict[str, Any]) -> int:
        """Give the number of the process that has become what was asked for."""
        async with self._one_at_a_time:
            try:
                return await self._ask(request)
            except OSError:
                self._line.close()
                self._start()
                return await self._ask(request)

    async def _ask(self, request: dict[str, Any]) -> int:
        loop, answer = asyncio.get_running_loop(), b""
        await loop.sock_sendall(self._line, f"{json.dumps(request)}\n".encode())
        while not answer.endswith(b"\n"):
            part = await loop.sock_recv(self._line, 100)
            if not part:
                raise ConnectionResetError("the preloaded process has ended")
            answer += part
        return int(answer)


class StudentSpawner(LocalProcessSpawner):
    """A copy of the preloaded process that has become the student's server; stopped and looked after like any local process."""

    memory = Unicode("2G", config=True, help="What one process of a student may keep.")
    preloaded: Preloaded  # one for all

    async def start(self) -> tuple[str, int]:
        """Give the address of the server once somebody listens there."""
        self.port = self.port or random_port()
        argv = [str(HERE / "student.py"), *self.get_args()]
        request = {"name": self.user.name, "memory": in_bytes(self.memory), "env": self.get_env(), "argv": argv}
        self.pid = await StudentSpawner.preloaded.copy(request)
        address = (self.ip or "127.0.0.1", self.port)
        while await self.poll() is None and not is_there(address):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(LOOK)
        return address

    async def _signal(self, sig: int) -> bool:
        """Says whether the server runs, and sends it a signal; never to a process that has its number now and is not the student's."""
        try:
            is_theirs = owner(self.pid) == pwd.getpwnam(self.user.name).pw_uid
        except (FileNotFoundError, KeyError):
            return False
        return is_theirs and await super()._signal(sig)


def is_there(address: tuple[str, int]) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(address) == 0


def owner(process: int) -> int:
    """Give the account of a process.

    Raises:
        FileNotFoundError: it has ended.
    """
    return Path(f"/proc/{process}").stat().st_uid
