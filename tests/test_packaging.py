"""Wheel and sdist hold what belongs to the project, nothing else, and the same bytes wherever and whenever they are built."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from hatch_build import LIST, is_hidden, tracked
from mbc_widgets.knowledge import content_key
from tests.conftest import ROOT

NAMES = tracked(ROOT)
JUNK = {
    "mbc_widgets/left_over.py": "raise SystemExit\n",
    "mbc_widgets/assets/esm/old.js": "//\n",
    "mbc_widgets/_shipped/knowledge-stale.json": "{}",
    "notebooks/.ipynb_checkpoints/dashboard-checkpoint.ipynb": "{}",
    "notebooks/private.ipynb": "{}",
    "data/trials/half-written.yaml": "id: [",  # would not compile
    "data/scenarios/somebody.yaml": "id: somebody\n",
    "tests/scratch.txt": "",
    "secrets.env": "",
}


def build(project: Path, output: Path, **environment: str) -> tuple[Path, Path]:
    """The wheel and the sdist of a folder, built offline with this environment's hatchling."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(output)]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    umask = int(environment.get("UMASK", "022"), 8)
    done = subprocess.run(command, cwd=project, env=env, umask=umask, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (sdist,) = output.glob("*.whl"), output.glob("*.tar.gz")
    return wheel, sdist


def leave_junk(project: Path) -> None:
    for name, text in JUNK.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this project in a folder with an index of git, and beside them what nobody tracks."""
    folder = tmp_path_factory.mktemp("clone") / "mbc"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for command in (["init", "-q"], ["add", "--force", "--all"]):
        subprocess.run(["git", *command], cwd=folder, check=True)  # noqa: S607 - whichever git is here
    leave_junk(folder)
    return folder


@pytest.fixture(scope="module")
def built(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(clone, tmp_path_factory.mktemp("built"), PYTHONHASHSEED="1", UMASK="077", TZ="Asia/Tokyo")


@pytest.fixture(scope="module")
def unpacked(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, unpacked, every file with the time of now, and junk beside them here too."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with tarfile.open(built[1]) as tar:
        tar.extractall(folder, filter="data")
    (project,) = folder.iterdir()
    for path in project.rglob("*"):
        os.utime(path)
    leave_junk(project)
    return project


@pytest.fixture(scope="module")
def rebuilt(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(unpacked, tmp_path_factory.mktemp("rebuilt"), PYTHONHASHSEED="2", UMASK="022", TZ="America/Lima")


def in_wheel(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def in_sdist(sdist: Path) -> set[str]:
    with tarfile.open(sdist) as tar:
        return {member.name.partition("/")[2] for member in tar.getmembers()}


def test_sdist_holds_the_tracked_files_and_the_list_of_them(built: tuple[Path, Path]) -> None:
    kept = {name for name in NAMES if not name.startswith((".ci/", ".github/", "benchmarks/"))}
    assert in_sdist(built[1]) == {*kept, LIST, "PKG-INFO"}


def test_wheel_holds_the_package_as_it_is_tracked(built: tuple[Path, Path]) -> None:
    inside = {name for name in in_wheel(built[0]) if name.startswith("mbc_widgets/")}
    package = {name for name in inside if not name.startswith("mbc_widgets/_shipped/")}
    assert package == {name for name in NAMES if name.startswith("mbc_widgets/")}


def test_wheel_ships_every_notebook_and_scenario_and_one_knowledge(built: tuple[Path, Path]) -> None:
    shipped = "mbc_widgets/_shipped/"
    found = {name.removeprefix(shipped) for name in in_wheel(built[0]) if name.startswith(shipped)}
    notebooks = {name for name in NAMES if name.startswith("notebooks/") and name.endswith(".ipynb")}
    scenarios = {name.removeprefix("data/") for name in NAMES if name.startswith("data/scenarios/")}
    edition = {"CHANGELOG.md", "datacite.json"}
    (knowledge,) = found - notebooks - scenarios - edition
    assert found - {knowledge} == notebooks | scenarios | edition

    assert knowledge.startswith("knowledge-")


def test_knowledge_of_the_wheel_is_named_by_the_tracked_data(built: tuple[Path, Path], tmp_path: Path) -> None:
    for name in NAMES:
        if name.startswith("data/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    assert f"mbc_widgets/_shipped/knowledge-{content_key(tmp_path / 'data')}.json" in in_wheel(built[0])


def test_wheel_of_the_sdist_is_the_wheel_of_the_clone_byte_by_byte(
    built: tuple[Path, Path], rebuilt: tuple[Path, Path]
) -> None:
    assert in_wheel(rebuilt[0]) == in_wheel(built[0])
    assert rebuilt[0].read_bytes() == built[0].read_bytes()


def test_sdist_of_the_sdist_is_the_same_byte_by_byte(built: tuple[Path, Path], rebuilt: tuple[Path, Path]) -> None:
    assert rebuilt[1].read_bytes() == built[1].read_bytes()


def test_every_file_says_the_same_time_and_everybody_may_read_it(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[1]) as tar:
        members = tar.getmembers()
    assert len({member.mtime for member in members}) == 1
    assert {member.mode for member in members} <= {0o644, 0o755}
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "", "")}
    inside = zipfile.ZipFile(built[0]).infolist()
    assert len({each.date_time for each in inside}) == 1
    assert {each.external_attr >> 16 & 0o777 for each in inside} <= {0o644, 0o755}


def test_an_unpacked_archive_of_a_forge_has_no_list_and_gives_all_but_caches(tmp_path: Path) -> None:
    for name in ("a.py", ".gitignore", ".ci/run", ".venv/b.py", "x/__pycache__/c.pyc", "x/.ipynb_checkpoints/d"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert tracked(tmp_path) == [".ci/run", ".gitignore", "a.py"]
    assert is_hidden(".mypy_cache")
    assert not is_hidden("data")


def test_a_clone_that_git_does_not_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(RuntimeError, match="git does not tell"):
        tracked(tmp_path)
