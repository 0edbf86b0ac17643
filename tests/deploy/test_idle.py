"""A server that nobody uses is ended, on a hub that does not wait an hour for it."""

import os
import pwd
import time

from tests.deploy.conftest import NAMES, home, hub

ENDED_WITHIN = 90.0  # seconds


def test_a_server_that_nobody_uses_ends_and_its_files_stay(passwords: dict[str, str]) -> None:
    with hub(passwords, MBC_CLASS_IDLE="5") as classroom:
        classroom.do(classroom.student(NAMES[0]))
        account, end = pwd.getpwnam(NAMES[0]).pw_uid, time.monotonic() + ENDED_WITHIN
        while running(account) and time.monotonic() < end:
            time.sleep(1)
        assert not running(account)
        assert (home(NAMES[0]) / "workbook").is_dir()


def running(account: int) -> list[str]:
    """Give the processes of an account."""
    return [each.name for each in os.scandir("/proc") if each.name.isdigit() and owner(each.path) == account]


def owner(place: str) -> int:
    """Give the account of a process, -1 for one that has ended."""
    try:
        return os.stat(place).st_uid  # noqa: PTH116 - many of them
    except OSError:
        return -1
