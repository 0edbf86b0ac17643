"""Runs every check of the project, one after the other, and counts them: `make test`.

    python -m tests.run_all               # all steps
    python -m tests.run_all lint types    # some of them

A failing step does not stop the others. Each static check counts as one; tests, notebook cells and
browser checks are counted from pytest's own reports. The last line reads `N passed, N failed`.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.chromium import HOW_TO_INSTALL, find_chromium
from tests.nginx import HOW_TO_INSTALL as HOW_TO_INSTALL_NGINX
from tests.nginx import NGINX

ROOT = Path(__file__).resolve().parent.parent
MINUTES = 60
CACHE = ROOT / "tests" / ".results" / "compiled"
NBVAL = ["--nbval-current-env", "--nbval-cell-timeout=60", "-p", "no:cacheprovider", "notebooks"]


@dataclass(frozen=True, kw_only=True)
class Count:
    """What one step ran: passed, failed and skipped, each a number of `unit`."""

    unit: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def run(command: list[str], *, minutes: float) -> int:
    """Runs a command in the checkout and returns its exit code, or 1 when it takes too long."""
    # Compiled once for all processes of a run, and away from the sources.
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(CACHE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.stdout.flush()
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=minutes * MINUTES)
    except subprocess.TimeoutExpired:
        print(f"Took more than {minutes} minutes: ended.")
        return 1
    return done.returncode


def tool(name: str, *arguments: str) -> Callable[[], Count]:
    """A step that runs a tool of this environment, counted as one check."""

    def step() -> Count:
        command = [str(Path(sys.executable).parent / name), *arguments]
        failed = run(command, minutes=10) != 0
        return Count(unit="static checks", passed=not failed, failed=failed)

    return step


def pytest(unit: str, *arguments: str, minutes: float = 20) -> Callable[[], Count]:
    """A step that runs pytest and counts from its report; no test at all is a failure."""

    def step() -> Count:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
            code = run(command, minutes=minutes)
            return read_report(unit, report, code)

    return step


def read_report(unit: str, report: Path, code: int) -> Count:
    """Counts from a JUnit report; an exit code that the counts do not explain is one failure."""
    if not report.exists():
        return Count(unit=unit, failed=1)
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - our own file

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed = total("failures") + total("errors")
    skipped = total("skipped")
    passed = total("tests") - failed - skipped
    return Count(unit=unit, passed=passed, failed=failed or int(code != 0), skipped=skipped)


def with_nginx(*arguments: str) -> Callable[[], Count]:
    """Tests that need nginx, or a loud message where it is not installed."""

    def step() -> Count:
        if Path(NGINX).is_file():
            return pytest("tests", *arguments)()
        return missing("tests", f"NO NGINX FOUND: the tests of the way in did NOT run.\n!!! {HOW_TO_INSTALL_NGINX}")

    return step


def browser(*arguments: str) -> Callable[[], Count]:
    """Browser checks, or a loud message where no browser is installed."""
    return partial(_browser, arguments)


def _browser(arguments: tuple[str, ...]) -> Count:
    unit = "browser checks"
    if find_chromium():
        return pytest(unit, *arguments, "-m", "browser")()
    return missing(unit, f"NO BROWSER FOUND: the browser checks did NOT run.\n!!! {HOW_TO_INSTALL}")


def missing(unit: str, word: str) -> Count:
    """Says aloud that something is not installed: a failure where everything is required."""
    print(f"!!! {word}")
    return Count(unit=unit, failed=int(os.environ.get("MBC_REQUIRE_ALL") == "1"))


# Browser checks in steps of their own, each under five minutes; what is named nowhere here runs in the step "browser".
APART: dict[str, tuple[str, ...]] = {
    "outcomes": ("outcomes",),
    "modes": ("present", "compare"),
    "cases": ("case",),
    "address": ("address", "downloads"),
    "board": ("board", "media", "colours"),
    "attack": ("attack",),
    "crowd": ("crowd",),
    "pages": ("course", "maps"),
    "files": ("site",),
}
# The longest browser check by itself, at each of its widths.
AXE = "tests/browser/test_axe.py"
# Tests without a browser in steps of their own, each under five minutes; the rest is the step "unit".
GROUPS: dict[str, tuple[str, ...]] = {
    "long": (
        "simulate",
        "kernel",
        "reference",
        "courses",
        "effects",
        "sweep",
        "outcomes",
        "rebuilt",
        "survival",
        "without_numpy",
    ),
    "taught": ("teaching", "case_page", "compare", "clocks", "codes", "present", "concordance"),
    "course": ("lessons", "course", "course_map", "teach", "mutants", "notebooks"),
    "bent": ("sandbox", "schema"),
    "commands": ("cli", "bad_input"),
    "site": ("site",),
    "nginx": ("way_in",),
}
GROUP_FILES = {step: [f"tests/test_{name}.py" for name in names] for step, names in GROUPS.items()}
FILES = {step: [f"tests/browser/test_{name}.py" for name in names] for step, names in APART.items()}
STEPS: dict[str, tuple[str, Callable[[], Count]]] = {
    "format": ("Format (ruff)", tool("ruff", "format", "--check", ".")),
    "lint": ("Lint (ruff)", tool("ruff", "check", ".")),
    "types": ("Types (mypy, strict)", tool("mypy")),
    "layers": ("Layers (import-linter)", tool("lint-imports", "--no-cache")),
    "data": ("Data (mbc check)", tool("python", "-m", "mbc_widgets", "check")),
    "unit": (
        "Tests and the examples in docstrings (pytest)",
        pytest(
            "tests",
            *["tests", "mbc_widgets", "--doctest-modules", "-m", "not browser"],
            *[
                "--ignore=mbc_widgets/assets",
                "--ignore=tests/space",
                "--ignore=tests/deploy",  # a real hub: `make test-class`, as root
                "--ignore=tests/cluster",  # helm and the chart: `make test-cluster`
                *(f"--ignore={name}" for names in GROUP_FILES.values() for name in names),
            ],
        ),
    ),
    "long": ("Tests of the simulation (pytest)", pytest("tests", *GROUP_FILES["long"])),
    "taught": ("Tests of cases and modes (pytest)", pytest("tests", *GROUP_FILES["taught"])),
    "course": (
        "Tests of lessons, their notebooks and the teacher's pack (pytest)",
        pytest("tests", *GROUP_FILES["course"]),
    ),
    "bent": ("Tests of the sandbox (pytest)", pytest("tests", *GROUP_FILES["bent"])),
    "commands": ("Tests of commands and wrong input (pytest)", pytest("tests", *GROUP_FILES["commands"])),
    "site": ("Tests of the site that needs no server (pytest)", pytest("tests", *GROUP_FILES["site"])),
    "nginx": ("Tests of the way in from outside (pytest, nginx)", with_nginx(*GROUP_FILES["nginx"])),
    "space": (
        "Millions of drawn patients against limits written by hand",
        pytest("tests", "tests/space", "-s", "--durations=3"),
    ),
    "lessons": (
        "Notebooks: every cell runs (nbval, lax)",
        pytest("notebook cells", "--nbval-lax", "--ignore=notebooks/contract", *NBVAL),
    ),
    "contract": (
        "Notebooks: printed answers are the contract (nbval, strict)",
        pytest(
            "notebook cells",
            *["--nbval", "--nbval-sanitize-with=tests/nbval_sanitize.cfg"],
            *[*NBVAL[:-1], "notebooks/contract"],
        ),
    ),
    "browser": (
        "Browser: the dashboard as a person meets it",
        browser("tests", f"--ignore={AXE}", *(f"--ignore={name}" for names in FILES.values() for name in names)),
    ),
    "desk": ("Browser: every mode breaks no rule of axe, on a desk", browser(AXE, "-k", "1440")),
    "phone": ("Browser: every mode breaks no rule of axe, on a phone", browser(AXE, "-k", "390")),
    **{step: (f"Browser: {step}", browser(*names)) for step, names in FILES.items()},
}


def main(names: list[str]) -> int:
    """Runs the named steps, or all; returns 0 when nothing failed."""
    unknown = sorted(set(names) - set(STEPS))
    if unknown:
        print(f"Unknown step: {', '.join(unknown)}. Allowed: {', '.join(STEPS)}.")
        return 2
    counts: dict[str, Count] = {}
    for name in names or STEPS:
        title, step = STEPS[name]
        print(f"\n=== {title} ===")
        start = time.perf_counter()
        counts[name] = step()
        print(f"--- {name}: {time.perf_counter() - start:.0f} s")
    return summary(counts)


def summary(counts: dict[str, Count]) -> int:
    """Prints how much of each kind ran, which steps failed, and the plain last line."""
    print("\n=== Summary ===")
    for unit in dict.fromkeys(count.unit for count in counts.values()):
        ran = [count for count in counts.values() if count.unit == unit]
        print(f"{unit}: {sum(count.passed + count.failed for count in ran)} ran")
    failing = [name for name, count in counts.items() if count.failed]
    if failing:
        print(f"failing: {', '.join(failing)} (once more alone: make test STEPS={failing[0]})")
    passed = sum(count.passed for count in counts.values())
    failed = sum(count.failed for count in counts.values())
    skipped = sum(count.skipped for count in counts.values())
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
