"""Starts a student's server where no systemd is: as a copy of a process that has read everything (preloaded.py), under the student's account."""

import asyncio
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyterhub.spawner import LocalProcessSpawner
from jupyterhub.utils import random_port

HERE = Path(__file__).resolve().parent
LOOK = 0.1  # seconds; the hub itself would look at ever longer intervals
AT_ONCE = 2 * (
    os.cpu_count() or 1
)  # servers that start; the others wait their turn, and their page says that it starts
ANSWERS_WITHIN = 60.0  # seconds; a new preloaded process has to read everything first
LISTENS = "0A"  # the state of a socket in /proc/net/tcp


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
        """Give the number of the process that has become what was asked for; it is ended when nobody waits for it any more."""
        asking = asyncio.ensure_future(self._copy(request))
        try:
            return await asyncio.shield(asking)  # or the answer to this one would be taken for that to the next
        except asyncio.CancelledError:
            asking.add_done_callback(end)
            raise

    async def _copy(self, request: dict[str, Any]) -> int:
        async with self._one_at_a_time:
            try:
                return await asyncio.wait_for(self._ask(request), ANSWERS_WITHIN)
            except OSError:  # a TimeoutError is one
                self._line.close()
                self._start()
                return await asyncio.wait_for(self._ask(request), ANSWERS_WITHIN)

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

    preloaded: Preloaded  # one for all
    turns = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> tuple[str, int]:
        """Give the address of the server once it listens there.

        Raises:
            RuntimeError: it ended before.
        """
        async with StudentSpawner.turns:
            self.port = self.port or random_port()
            argv = [str(HERE / "student.py"), *self.get_args()]
            request = {"name": self.user.name, "memory": self.mem_limit, "env": self.get_env(), "argv": argv}
            self.pid = await StudentSpawner.preloaded.copy(request)
            account = pwd.getpwnam(self.user.name).pw_uid
            while not listens(self.port, account):
                if await self.poll() is not None:
                    raise RuntimeError(
                        f"The server of {self.user.name} ended at once; ~/.mbc-server.log of that account may say why."
                    )
                await asyncio.sleep(LOOK)
            return "127.0.0.1", self.port

    async def stop(self, now: bool = False) -> None:  # noqa: FBT001, FBT002 - as the hub calls it
        """Ends the server, and what else of an account that is a student's alone would live on without it."""
        await super().stop(now=now)
        account = pwd.getpwnam(self.user.name)
        if account.pw_shell.endswith("/nologin"):
            end_all_of(account.pw_uid)

    async def _signal(self, sig: int) -> bool:
        """Says whether the server runs, and sends it a signal; never to a process that has its number now and is not the student's."""
        try:
            is_theirs = owner(self.pid) == pwd.getpwnam(self.user.name).pw_uid
        except (FileNotFoundError, KeyError):
            return False
        return is_theirs and await super()._signal(sig)


def end(asking: asyncio.Future[int]) -> None:
    """Ends the process that was made for somebody who no longer waits."""
    with suppress(asyncio.CancelledError, OSError):
        os.kill(asking.result(), signal.SIGTERM)


def listens(port: int, account: int) -> bool:
    """Whether a process of the account listens on the port of this machine; another's, which took the port before it, does not count."""
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(
        state == LISTENS and int(here.rpartition(":")[2], 16) == port and int(uid) == account
        for _, here, _, state, _, _, _, uid, *_ in sockets
    )


def end_all_of(account: int) -> None:
    """Ends every process of an account."""
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if each.stat().st_uid == account:
                os.kill(int(each.name), signal.SIGKILL)


def owner(process: int) -> int:
    """Give the account of a process.

    Raises:
        FileNotFoundError: it has ended.
    """
    return Path(f"/proc/{process}").stat().st_uid
