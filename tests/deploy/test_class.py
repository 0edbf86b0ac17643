"""Five students of one class at once, on the real hub with its real proxy, each under an account of this machine: `make test-class`."""

import asyncio
import json
import pwd
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.deploy.classroom import RefusedError, Student
from tests.deploy.conftest import HOME, NAMES, STRANGER, Classroom, home
from tests.visitors import Visitor

ANNA, BEN, *_ = NAMES
BEARABLE = 1.0  # seconds for a click while somebody else's endless loop runs; 8 s for a board are measured by `make bench-class`
TOO_MUCH = "bytes_wanted = bytearray(3_000_000_000)"
LEFT_BEHIND = 8.0  # seconds: two of the processes, and five until the server has looked
CLICK = {"type": "set", "changes": {"esr1": "mutated"}}


async def clicks(visitor: Visitor, number: int) -> float:
    """Give the median seconds of a click."""
    return statistics.median([await visitor.click(CLICK) for _ in range(number)])


def test_five_students_log_in_at_once_and_each_has_a_board(classroom: Classroom) -> None:
    async def come(name: str) -> tuple[str, float]:
        start = time.monotonic()
        visitor = await (await classroom.student(name)).board()
        seconds = time.monotonic() - start
        drawn = visitor.state["page"]
        await visitor.leave()
        assert drawn["scenarios"]
        return name, seconds

    async def all_come() -> list[tuple[str, float]]:
        return await asyncio.gather(*(come(name) for name in NAMES))

    found = dict(classroom.do(all_come()))
    print("login to board:", ", ".join(f"{seconds:.1f} s" for seconds in found.values()))
    assert set(found) == set(NAMES)


def test_each_server_runs_under_the_account_of_its_student(classroom: Classroom) -> None:
    student = classroom.do(classroom.student(ANNA))
    said = classroom.do(student.run("import json, os; print(json.dumps([os.getuid(), *os.getgroups()]))"))
    account, *groups = json.loads(said)
    assert account == pwd.getpwnam(ANNA).pw_uid
    assert 0 not in {account, *groups}


@pytest.mark.parametrize(("name", "password"), [(ANNA, "a guess"), (STRANGER, "a-known-password"), ("root", "")])
def test_nobody_comes_in_without_a_password_or_from_outside_the_class(
    classroom: Classroom, name: str, password: str
) -> None:
    with pytest.raises(RefusedError):
        classroom.do(Student.login(classroom.hub, name, password))


def test_the_first_page_is_the_dashboard_and_lab_and_lessons_are_beside_it(classroom: Classroom) -> None:
    async def look() -> tuple[str, list[int]]:
        student = await Student.login(classroom.hub, ANNA, classroom.passwords[ANNA])
        first = await student.browser.get("/hub/", follow_redirects=True)
        pages = ["", "lessons/1", "lessons/1/map", "lab", "mbc/plotly/plotly.min.js"]
        return first.url.path, [(await student.get(page)).status_code for page in pages]

    path, codes = classroom.do(look())
    assert path == f"/user/{ANNA}/dashboard"
    assert codes == [httpx.codes.OK] * 5


def test_what_a_student_sets_in_lab_is_kept_in_the_own_home_and_nobody_is_asked_about_news(
    classroom: Classroom,
) -> None:
    async def set_theme() -> tuple[int, dict[str, Any]]:
        student = await classroom.student(ANNA)
        themes, news = (
            f"lab/api/settings/@jupyterlab/apputils-extension:{name}" for name in ("themes", "notification")
        )
        dark = {"raw": json.dumps({"theme": "JupyterLab Dark"})}
        kept = await student.browser.put(f"{student.url}{themes}", headers=student.headers(student.url), json=dark)
        return kept.status_code, (await student.get(news)).json()["schema"]["properties"]

    code, news = classroom.do(set_theme())
    assert code == httpx.codes.NO_CONTENT
    assert list((home(ANNA) / ".jupyter" / "lab" / "user-settings").rglob("themes.jupyterlab-settings"))
    assert (news["fetchNews"]["default"], news["checkForUpdates"]["default"]) == ("false", False)


def test_the_page_asks_nothing_of_the_internet(classroom: Classroom) -> None:
    page = classroom.do(classroom.do(classroom.student(ANNA)).get("dashboard"))
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert '"fullMathjaxUrl": null' in page.text
    assert '"mathjaxConfig": null' in page.text  # with only one of the two, Voila's script names a server of its own


class TestFiles:
    def test_notebooks_are_the_students_to_write_in_and_data_is_shared_and_read_only(
        self, classroom: Classroom
    ) -> None:
        student = classroom.do(classroom.student(ANNA))
        code = (
            "from pathlib import Path; place = Path.home() / 'workbook'; (place / 'mine.txt').write_text('kept')\n"
            "print(sorted(each.name for each in place.glob('*.ipynb'))[0], (place / 'data' / 'trials').is_dir())\n"
            "(place / 'data' / 'trials' / 'monaleesa-2.yaml').write_text('mine now')"
        )
        assert classroom.do(student.run(code)) == "01-who-is-the-patient.ipynb True\nPermissionError"

    @pytest.mark.parametrize(
        "forbidden",
        [
            f"open('{place}')"
            for place in (f"/home/{BEN}/workbook/01-who-is-the-patient.ipynb", f"{HOME}/state/jupyterhub.sqlite")
        ]
        + [f"import os; os.listdir('/home/{BEN}')", f"open('{HOME}/workbook/mbc_widgets/__init__.py', 'a')"]
        + [f"open('{HOME}/notebooks.git/HEAD', 'a')"],
    )
    def test_no_student_reads_what_is_not_theirs(self, classroom: Classroom, forbidden: str) -> None:
        classroom.do(classroom.student(BEN))
        student = classroom.do(classroom.student(ANNA))
        assert classroom.do(student.run(forbidden)) == "PermissionError"

    def test_no_student_reads_the_token_of_another_students_server(self, classroom: Classroom) -> None:
        classroom.do(classroom.student(BEN))
        student = classroom.do(classroom.student(ANNA))
        code = (
            f"import pwd; from pathlib import Path; ben = pwd.getpwnam('{BEN}').pw_uid\n"
            "def is_his(place):\n    try: return place.stat().st_uid == ben\n    except OSError: return False\n"
            "his = [place for place in Path('/proc').glob('[0-9]*') if is_his(place)]\n"
            "print(len(his) > 0); (his[0] / 'environ').read_bytes()"
        )
        assert classroom.do(student.run(code)) == "True\nPermissionError"

    def test_no_student_opens_the_server_of_another(self, classroom: Classroom) -> None:
        async def look() -> list[int]:
            await classroom.student(BEN)
            anna = await classroom.student(ANNA)
            theirs = [
                f"{classroom.hub}/user/{BEN}/{page}" for page in ("api/contents", "dashboard", "lab", "api/kernels")
            ]
            return [(await anna.browser.get(page, follow_redirects=True)).status_code for page in theirs]

        assert classroom.do(look()) == [httpx.codes.FORBIDDEN] * 4


class TestOneStudentsTrouble:
    def test_a_crashed_kernel_leaves_the_others_untouched(self, classroom: Classroom) -> None:
        async def crash() -> tuple[bool, float]:
            anna, ben = [await classroom.student(name) for name in (ANNA, BEN)]
            hers, his = await anna.board(), await ben.board()
            with pytest.raises(TimeoutError):
                await anna.run("import os; os.kill(os.getpid(), 9)", seconds=3)
            await anna.run("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", seconds=5)
            found = his.lost, await clicks(his, 3)
            await his.leave()
            await hers.leave(says_so=False)
            return found

        lost, seconds = classroom.do(crash())
        assert not lost
        assert seconds < BEARABLE

    def test_who_crashed_the_own_server_gets_a_new_one(self, classroom: Classroom) -> None:
        async def again() -> int:
            return len((await (await classroom.student(ANNA)).board()).state["page"]["scenarios"])

        assert classroom.do(again())

    def test_endless_loops_leave_the_others_untouched(self, classroom: Classroom) -> None:
        async def loop() -> float:
            anna, ben = [await classroom.student(name) for name in (ANNA, BEN)]
            his = await ben.board()
            for _ in range(2):
                with pytest.raises(TimeoutError):
                    await anna.run("while True: pass", seconds=1)
            seconds = await clicks(his, 5)
            await his.leave()
            await anna.stop()
            return seconds

        assert classroom.do(loop()) < BEARABLE

    def test_memory_without_end_is_an_error_of_one_cell(self, classroom: Classroom) -> None:
        student = classroom.do(classroom.student(ANNA))
        assert classroom.do(student.run(TOO_MUCH)) == "MemoryError"

    def test_processes_without_end_are_refused_and_the_board_is_there_again(self, classroom: Classroom) -> None:
        async def fork() -> tuple[str, bool]:
            anna = await classroom.student(ANNA)
            said = await anna.run("import subprocess\nfor _ in range(300): subprocess.Popen(['sleep', '2'])")
            await asyncio.sleep(LEFT_BEHIND)
            return said, bool((await anna.board()).state["page"])

        assert classroom.do(fork()) == ("BlockingIOError", True)


def test_the_link_brings_new_notebooks_and_keeps_what_a_student_changed(classroom: Classroom, tmp_path: Path) -> None:
    student = classroom.do(classroom.student(BEN))
    copy = home(BEN) / "workbook"
    first = copy / "01-who-is-the-patient.ipynb"
    changed = json.loads(first.read_text())
    changed["cells"][0]["source"] = "my own words"
    first.write_text(json.dumps(changed))
    publish({"11-new.ipynb": time.asctime(), "01-who-is-the-patient.ipynb": time.asctime()}, tmp_path / "edition")
    link = {"repo": f"file://{HOME / 'notebooks.git'}", "branch": "class", "targetpath": "."}
    answer = classroom.do(student.get("git-pull/api", params=link))
    assert '"phase": "finished"' in answer.text
    assert (copy / "11-new.ipynb").is_file()
    assert "my own words" in first.read_text()


def publish(files: dict[str, str], folder: Path) -> None:
    """Commits files to the repository of the class, as a lecturer's new edition does."""
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@localhost"]
    subprocess.run([*git, "clone", "--quiet", str(HOME / "notebooks.git"), str(folder)], check=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    for command in (["add", "--all"], ["commit", "--quiet", "--message=New"], ["push", "--quiet"]):
        subprocess.run([*git, "-C", str(folder), *command], check=True)
