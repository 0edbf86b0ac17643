"""A class server as `make class` makes it, with five accounts of this machine; for root on Linux, and only when it is asked for.

It lies in a folder of its own that is kept from run to run, for its packages take a minute to install. The accounts are made anew and
removed afterwards, with all that is theirs.
"""

import asyncio
import os
import pwd
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT
from tests.deploy.classroom import Student
from tests.serving import free_port, serving

HOME = Path("/opt/mbc-class-test")
NAMES = tuple(f"mbc-test-{letter}" for letter in "abcde")
STRANGER = "mbc-test-stranger"  # an account of the machine, and not of the class


@dataclass(frozen=True, kw_only=True)
class Classroom:
    """A class server that runs: its address, its process, the passwords of its students by name."""

    hub: str
    process: int
    passwords: dict[str, str]
    loop: asyncio.AbstractEventLoop

    def do(self, work: Any) -> Any:
        """Give what asynchronous work comes to."""
        return self.loop.run_until_complete(work)

    async def student(self, name: str) -> Student:
        """Give a student whose own server is there."""
        found = await Student.login(self.hub, name, self.passwords[name])
        await found.server()
        return found


def environment(**more: str) -> dict[str, str]:
    """Give the environment of the class server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MBC_"))}
    return kept | {"MBC_CLASS_HOME": str(HOME)} | more


def home(name: str) -> Path:
    """Give the home folder of an account."""
    return Path(pwd.getpwnam(name).pw_dir)


def accounts() -> dict[str, str]:
    """Make the accounts with the program of deploy/; give their passwords."""
    command = [sys.executable, str(ROOT / "deploy" / "accounts.py"), *NAMES]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return dict(line.split("\t") for line in said.splitlines())


def forget() -> None:
    """Ends what runs under the accounts, and removes them; those that are not there are no trouble."""
    for name in (*NAMES, STRANGER):
        if not subprocess.run(["id", name], capture_output=True, check=False).returncode:
            subprocess.run(["pkill", "-KILL", "-u", name], check=False)
            subprocess.run(["userdel", "--remove", name], capture_output=True, check=False)


@contextmanager
def hub(passwords: dict[str, str], **settings: str) -> Iterator[Classroom]:
    """Runs the class server."""
    port = free_port()
    command = [sys.executable, str(ROOT / "deploy" / "start.py")]
    loop = asyncio.new_event_loop()
    with serving(command, port, env=environment(MBC_CLASS_PORT=str(port), **settings)) as served:
        address = served.url.rstrip("/")
        while httpx.get(f"{address}/hub/login").status_code != httpx.codes.OK:  # the proxy is there first
            time.sleep(0.2)
        yield Classroom(hub=address, process=served.process, passwords=passwords, loop=loop)
    loop.close()


@contextmanager
def made() -> Iterator[dict[str, str]]:
    """Installs everything and makes the accounts; gives their passwords, and forgets the accounts afterwards."""
    forget()
    subprocess.run([sys.executable, str(ROOT / "deploy" / "start.py"), "--prepare"], env=environment(), check=True)
    subprocess.run(["useradd", "--create-home", STRANGER], check=True)
    subprocess.run(["chpasswd"], input=f"{STRANGER}:a-known-password", text=True, check=True)
    try:
        yield accounts() | {STRANGER: "a-known-password"}
    finally:
        forget()


@pytest.fixture(scope="session")
def passwords() -> Iterator[dict[str, str]]:
    """The accounts of the class; everything is installed."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.fail("A class needs accounts, and only root can make them: sudo make test-class")
    with made() as found:
        yield found


@pytest.fixture(scope="module")
def classroom(passwords: dict[str, str]) -> Iterator[Classroom]:
    """A class server that runs."""
    with hub(passwords) as found:
        yield found
