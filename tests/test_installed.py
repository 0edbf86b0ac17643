"""The commands of an installed wheel, in an empty folder: each works there, or says what it needs."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import mbc_widgets
from mbc_widgets.cli.commands import parser
from mbc_widgets.knowledge import knowledge_key, load
from tests.installing import NAMED, command, elsewhere

ANSWERS = {
    "plan man": "Offered",
    "options man": "Offered",
    "why esr1-after-cdk46 olaparib": "olaparib",
    "simulate man --patients 200": "200",
    "effects": "Immortal",
    "cite emerald": "EMERALD",
    "export tables": "tables/trials.csv",
    "notebooks lessons --answers": "lessons/answers/02-endocrine.ipynb",
}
LONG = {
    "case": "bone-only-2016",
    "teach pack": "pack/maps/lesson-09.html",
}  # six and eleven seconds, asked by `make test-installed`
REFUSALS = {
    "check": "there is no data folder in an installed package; give one: mbc check FOLDER",
    "build --output made": "there is no data folder in an installed package; give one",
    "schema": "schemas are written in a checkout",
    "new trial my-trial": "templates are in a checkout",
    "calibrate": "the fit is frozen in a checkout",
    "impact": "give an older data folder",
    "bench": "the measurements run from a checkout",
}
ELSEWHERE = {"dashboard"}  # tests/browser/test_wheel.py


@pytest.fixture(scope="module")
def mbc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return command(tmp_path_factory.mktemp("installed"))


def asked(mbc: Path, words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(mbc), *words.split()], cwd=folder, env=elsewhere(), capture_output=True, text=True, check=False
    )


def test_every_command_is_tried_here() -> None:
    (commands,) = (action.choices for action in parser()._actions if action.dest == "command")
    assert set(commands or ()) == {words.split()[0] for words in [*ANSWERS, *LONG, *REFUSALS]} | ELSEWHERE


def test_it_is_the_wheel_and_not_the_checkout(mbc: Path, tmp_path: Path) -> None:
    ask = [str(mbc.parent / "python"), "-c", "import mbc_widgets; print(mbc_widgets.__file__)"]
    file = subprocess.check_output(ask, cwd=tmp_path, env=elsewhere(), text=True)
    assert Path(file).is_relative_to(mbc.parent.parent)


def test_it_tells_the_version_edition_and_knowledge_of_this_checkout(mbc: Path, tmp_path: Path) -> None:
    told = asked(mbc, "--version", tmp_path).stdout
    assert told.splitlines()[0] == f"mbc_widgets {mbc_widgets.__version__}"
    assert f"data edition {load().edition.id}," in told
    assert told.splitlines()[2] == f"knowledge {knowledge_key()}"


@pytest.mark.parametrize("words", [*ANSWERS, *(LONG if os.environ.get(NAMED) else ())])
def test_a_command_answers(words: str, mbc: Path, tmp_path: Path) -> None:
    done = asked(mbc, words, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (ANSWERS | LONG)[words] in done.stdout


@pytest.mark.parametrize("words", REFUSALS)
def test_a_command_that_needs_the_checkout_says_so(words: str, mbc: Path, tmp_path: Path) -> None:
    done = asked(mbc, words, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert REFUSALS[words] in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_that_was_edited_stays_as_it_is(mbc: Path, tmp_path: Path) -> None:
    mine = tmp_path / "02-endocrine.ipynb"
    mine.write_text("mine")
    done = asked(mbc, f"notebooks {tmp_path}", tmp_path)
    assert mine.read_text() == "mine"
    assert f"{mine}: differs from that of this installation and stays" in done.stdout
    cells = json.loads((tmp_path / "01-who-is-the-patient.ipynb").read_text())["cells"]
    assert "mbc_widgets" in "".join("".join(cell["source"]) for cell in cells)
    assert not (tmp_path / "answers").exists()


def test_a_lesson_runs_and_the_sandbox_says_what_it_needs(mbc: Path, tmp_path: Path) -> None:
    code = (
        "import mbc_widgets as mbc; patient, day, regulator = mbc.scenario('man');"
        "print(mbc.show(mbc.look(patient, day=day, regulator=regulator), 'offered')); print(mbc.try_assume('why', {'agents/everolimus.yaml': {'name': 'x'}}))"
    )
    ask = [str(mbc.parent / "python"), "-c", code]
    done = subprocess.run(ask, cwd=tmp_path, env=elsewhere(), capture_output=True, text=True, check=True)
    assert "tamoxifen" in done.stdout
    assert "Get the checkout of the project" in done.stdout + done.stderr
