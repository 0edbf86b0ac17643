"""Starts the dashboard as a person would, on a free loopback port, while a test needs it."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STARTS_WITHIN = 60.0  # seconds; two to three on a quiet machine
STOPS_WITHIN = 15.0
PAGE = "dashboard"  # below the address of the server, whose own page is the index


@dataclass(frozen=True, kw_only=True)
class Served:
    """A server that runs: its address and its process."""

    url: str
    process: int


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dashboard(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> Iterator[str]:
    """Runs `command` with a port, yields the server's address, and ends the server afterwards.

    Raises:
        RuntimeError: the server ended or did not listen in time; with what it printed.
    """
    port = free_port()
    with serving([*command, "dashboard", "--port", str(port), "--no-browser"], port, cwd=cwd, env=env) as served:
        yield served.url


@contextmanager
def serving(
    command: list[str], port: int, *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Iterator[Served]:
    """Runs a command that serves on `port`, and ends it afterwards.

    Raises:
        RuntimeError: the server ended or did not listen in time; with what it printed.
    """
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(command, cwd=cwd, env=env or dict(os.environ), stdout=log, stderr=subprocess.STDOUT)
        try:
            if not listens(server, port):
                log.seek(0)
                raise RuntimeError(f"{' '.join(command)}: no answer on the port.\n{log.read()}")
            yield Served(url=f"http://127.0.0.1:{port}/", process=server.pid)
        finally:
            stop(server)


def listens(server: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the server takes connections within the time allowed, without starting a kernel."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends the server politely, so that it ends its kernels; firmly when it does not answer."""
    server.terminate()
    try:
        server.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
