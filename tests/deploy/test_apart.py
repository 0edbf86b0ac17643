"""What a student's processes are given of the hub, and what is left when a server ends."""

import asyncio
import pwd
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.deploy.classroom import Student
from tests.deploy.conftest import NAMES, Classroom, environment, home
from tests.deploy.test_idle import running
from tests.processes import command, processes

ANNA, BEN, *_ = NAMES
ENDED_WITHIN = 20.0  # seconds


def opened(process: int) -> dict[str, str]:
    """Give what a process has open, by the number of its descriptor."""
    return {each.name: str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir()}


def test_no_process_of_a_student_has_anything_of_the_hub_open(classroom: Classroom) -> None:
    student = classroom.do(classroom.student(ANNA))
    assert classroom.do(student.run("print('a kernel is there')")) == "a kernel is there\n"
    (preloaded,) = [
        each for each in processes(classroom.process) if "preloaded.py" in command(each) and not owned(each)
    ]
    line = opened(preloaded)[command(preloaded).split()[-1]]
    assert line.startswith("socket:")
    hubs = {line, *(opened(classroom.process)[number] for number in ("1", "2"))}
    theirs = [int(each) for each in running(pwd.getpwnam(ANNA).pw_uid)]
    assert theirs
    for process in theirs:
        assert not hubs & set(opened(process).values())
    assert (home(ANNA) / ".mbc-server.log").stat().st_mode & 0o077 == 0


def owned(process: int) -> int:
    """Give the account of a process."""
    return Path(f"/proc/{process}").stat().st_uid


@pytest.mark.parametrize("page", ["voila/render/01-who-is-the-patient.ipynb", "voila/tree", "voila"])
def test_a_notebook_that_a_link_brought_is_not_run_unread(classroom: Classroom, page: str) -> None:
    student = classroom.do(classroom.student(ANNA))
    assert classroom.do(student.get(page)).status_code == httpx.codes.NOT_FOUND


def test_a_start_that_was_taken_back_mixes_nobodys_servers_up(classroom: Classroom) -> None:
    async def take_back() -> list[str]:
        anna = await classroom.student(ANNA)
        for pause in (0.0, 0.05, 0.2, 0.5):
            await anna.stop()
            start = asyncio.create_task(anna.browser.get("/hub/user-redirect/", follow_redirects=True))
            await asyncio.sleep(pause)
            await anna.stop(pending=True)
            await start
        both = await asyncio.gather(classroom.student(BEN), classroom.student(ANNA))
        return [(await each.run("import getpass; print(getpass.getuser())")).strip() for each in both]

    assert classroom.do(take_back()) == [BEN, ANNA]


def test_what_a_student_left_running_ends_with_the_server(classroom: Classroom) -> None:
    async def leave() -> None:
        anna = await classroom.student(ANNA)
        await anna.run("import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)")
        assert "sleep" in " ".join(command(int(each)) for each in running(pwd.getpwnam(ANNA).pw_uid))
        await anna.stop()

    classroom.do(leave())
    end = time.monotonic() + ENDED_WITHIN
    while running(pwd.getpwnam(ANNA).pw_uid) and time.monotonic() < end:
        time.sleep(0.2)
    assert not running(pwd.getpwnam(ANNA).pw_uid)


def test_a_second_server_of_the_same_folder_is_refused_and_the_first_goes_on(classroom: Classroom) -> None:
    start = [sys.executable, str(ROOT / "deploy" / "start.py"), "--prepare"]
    done = subprocess.run(start, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode
    assert "runs. End it first" in done.stderr
    assert classroom.do(Student.login(classroom.hub, BEN, classroom.passwords[BEN]))
