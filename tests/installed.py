"""The tests of the package against an installed wheel in a clean environment: `make test-installed`.

    python -m tests.installed             # all parts
    python -m tests.installed commands    # some of them

1. commands: the wheel with requirements.lock, by hashes, in a new environment; every command in an empty folder, the page in Chromium.
2. tests: what the tests need (requirements-dev.lock) beside it; tests, data and notebooks in an empty folder without the package,
   which is then the installed one or none. What looks at the checkout itself is left out by name, with its reason (LEFT_OUT).
3. notebooks: every cell of every lesson and contract notebook, with the installed package.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hatch_build import tracked
from tests.conftest import ROOT
from tests.installing import NAMED, build_wheel, elsewhere
from tests.run_all import NBVAL

TAKEN = ("tests/", "data/", "notebooks/", "docs/course/", "conftest.py", "pyproject.toml")
NO_SOURCES = "an installed package carries the knowledge compiled; without the text of data/ these refuse, as tests/test_installed.py shows"
LEFT_OUT = {
    "tests/browser": "part 1 opens the page; the rest is the same wheel's views from a checkout, in `make test`",
    "tests/deploy": "a class server is made of a checkout: `make test-class`",
    "tests/cluster": "deploy/ is no part of the package",
    "tests/test_deploy.py": "deploy/ is no part of the package",
    "tests/test_way_in.py": "deploy/ is no part of the package",
    "tests/test_site.py": "tools/site.py, which makes the site of a checkout",
    "tests/space": "a million patients: `make test` draws them, and the engine is the same",
    "tests/test_house.py": "style of the sources, lock files and environment.yml",
    "tests/test_packaging.py": "builds the wheel from the checkout",
    "tests/test_installed.py": "part 1",
    "tests/test_edition.py": "CITATION.cff, CHANGELOG.md and the tool that writes the edition's papers",
    "tests/test_sbom.py": "the tool that reads the lock files",
    "tests/test_sandbox.py": NO_SOURCES,
    "tests/test_schema.py::test_schema_check_says_that_all_are_fresh": NO_SOURCES,
    "tests/test_simulate.py::test_a_structure_that_names_no_figure_is_refused": NO_SOURCES,
    "tests/test_slips.py::test_a_slip_in_a_cell_is_told_in_its_own_words[mbc.source('agents/everolimus.yaml', 'licenses')-AssumeError-licences]": NO_SOURCES,
    "tests/test_cli.py::TestCheckAndBuild": NO_SOURCES,
    "tests/test_cli.py::TestImpact": NO_SOURCES,
    "tests/test_bad_input.py::test_a_command_line_that_cannot_be_used_is_refused": "some of its lines are refused earlier, for want of data/",
}
TEN_IS_A_SANDBOX = "notebooks/10-build-your-own.ipynb"  # NO_SOURCES


def main(parts: list[str]) -> int:
    """Run the parts; give 0 when nothing failed."""
    known = {"commands": commands, "tests": tests, "notebooks": notebooks}
    unknown = sorted(set(parts) - set(known))
    if unknown:
        print(f"Unknown part: {', '.join(unknown)}. Allowed: {', '.join(known)}.")
        return 2
    with tempfile.TemporaryDirectory(prefix="mbc-installed-") as name:
        folder = Path(name)
        python = clean(folder)
        failed = [part for part in parts or known if not known[part](python, folder)]
    print(f"Installed package: {', '.join(failed)} failed" if failed else "Installed package: all green")
    return int(bool(failed))


def clean(folder: Path) -> Path:
    """Give the Python of a new environment with the wheel and the locked runtime, nothing else."""
    start = time.perf_counter()
    wheel = build_wheel(folder / "wheel")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    pip(python, "install", "--require-hashes", "-r", str(ROOT / "requirements.lock"))
    pip(python, "install", "--no-deps", "--no-index", str(wheel))
    pip(python, "check")
    print(f"--- installed in {time.perf_counter() - start:.0f} s", flush=True)
    return python


def pip(python: Path, *arguments: str) -> None:
    """Run pip of that environment, errors only."""
    quiet = ["--disable-pip-version-check", "--quiet", "--quiet"]
    subprocess.run([str(python), "-m", "pip", *quiet, *arguments], env=elsewhere(), check=True)


def commands(python: Path, folder: Path) -> bool:  # noqa: ARG001 - as the others
    """Ask every command and open the page; this environment's pytest drives the installed `mbc`."""
    environment = os.environ | {NAMED: str(python.parent / "mbc")}
    return passes(
        [sys.executable, *PYTEST, "tests/test_installed.py", "tests/browser/test_wheel.py"], ROOT, environment
    )


def tests(python: Path, folder: Path) -> bool:
    """Run the package's tests in a folder that has no package."""
    place = taken(python, folder)
    left_out = [f"--ignore={name}" if "::" not in name else f"--deselect={name}" for name in LEFT_OUT]
    return passes([str(python), *PYTEST, "-m", "not browser", *left_out, "tests"], place, elsewhere())


def notebooks(python: Path, folder: Path) -> bool:
    """Run every notebook but the sandbox, and compare what the contract prints."""
    place = taken(python, folder)
    lessons = ["--nbval-lax", "--ignore=notebooks/contract", f"--ignore={TEN_IS_A_SANDBOX}", *NBVAL]
    contract = ["--nbval", "--nbval-sanitize-with=tests/nbval_sanitize.cfg", *NBVAL[:-1], "notebooks/contract"]
    each = [passes([str(python), *PYTEST, *chosen], place, elsewhere()) for chosen in (lessons, contract)]
    return all(each)


PYTEST = ["-m", "pytest", "-q"]


def passes(command: list[str], place: Path, environment: dict[str, str]) -> bool:
    """Say whether a command ends well in a folder."""
    sys.stdout.flush()
    start = time.perf_counter()
    good = subprocess.run(command, cwd=place, env=environment, check=False).returncode == 0
    print(f"--- {'passed' if good else 'FAILED'} after {time.perf_counter() - start:.0f} s", flush=True)
    return good


def taken(python: Path, folder: Path) -> Path:
    """Give the folder with what the tests need and no package, after their tools were installed."""
    place = folder / "empty"
    if not place.exists():
        pip(python, "install", "--require-hashes", "-r", str(ROOT / "requirements-dev.lock"))
        for name in tracked(ROOT):
            if name.startswith(TAKEN):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, place / name)
    ask = [str(python), "-c", "import mbc_widgets; print(mbc_widgets.__file__)"]
    found = subprocess.check_output(ask, cwd=place, env=elsewhere(), text=True).strip()
    assert Path(found).is_relative_to(folder / "venv"), found
    return place


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
