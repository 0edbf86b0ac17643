"""Measures the dashboard beside other frameworks and writes benchmarks/RESULTS_RIVALS.md: `make bench-rivals`.

    python -m benchmarks.rivals                      # needs a package index and an installed Chromium or Chrome
    python -m benchmarks.rivals --only Dash --clicks 4 --visits 1 --keep FOLDER

Each framework goes into an environment of its own that is thrown away (or kept in FOLDER for another run), and does the small job of
job.py. Nothing of it is a dependency: what cannot be installed or run is left out, and the page says so. The pages take turns in
one browser; what is measured, and how, stands at the head of the results.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.kit import ROOT, as_for_a_user
from benchmarks.rivals.measuring import CLICKS, VISITS, Measured, clicked, visited
from benchmarks.rivals.pages import APPS, App
from tests.chromium import ARGUMENTS, HOW_TO_INSTALL, find_chromium
from tests.serving import Served, free_port, serving

RESULTS = ROOT / "benchmarks" / "RESULTS_RIVALS.md"
INSTALLED_WITHIN = 600  # seconds
HEAD = """# The dashboard beside other frameworks

Made by `make bench-rivals` on {machine}, Chromium {version}; servers and browser on one machine in one run, the pages
taking turns. The small job (benchmarks/rivals/job.py) is the same for all: six radio groups, our engine, a board of five lanes, a list of
all options. All rivals draw the board with plotly {plotly}, and were checked to show the same bars; the dashboard itself does far more on
each click, and our small job draws its own SVG, as any rival could with a view of its own.

First visit: a new browser profile on a server that has been visited once, from asking for the address until the board is there; median of
{visits}. Sent: bytes of HTTP and websocket on that visit. Click: one radio (the dashboard: the select of PIK3CA) to the frame after the
board has other bars, {clicks} times. Outside: requests that wanted to leave the machine; none was let through. Memory: PSS of
the server with all its processes while one page is open, MB. The yardstick is that of RESULTS.md.

| page | first visit, s | smallest to largest | sent, MB | click, ms | 95 of 100 below | outside | memory, MB | yardstick, ms |
|---|---|---|---|---|---|---|---|---|"""


@contextmanager
def environment(app: App, keep: Path | None) -> Iterator[str]:
    """Give the Python that has what `app` needs; it is thrown away unless there is a folder to keep it in."""
    if not app.packages:
        yield sys.executable
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = (keep or Path(scratch)) / app.name.split()[0].lower()
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not python.exists():
            venv.create(folder, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", *app.packages]
        subprocess.run(install, check=True, capture_output=True, text=True, timeout=INSTALLED_WITHIN)
        yield str(python)


class Run:
    """One run: what was found about each page, and why a page dropped out."""

    def __init__(self, browser: Browser, apps: list[App]) -> None:
        self.browser = browser
        self.found = {app.name: Measured(name=app.name) for app in apps}
        self.missing: list[str] = []
        self._served: list[tuple[App, Served]] = []

    @contextmanager
    def trying(self, app: App) -> Iterator[None]:
        """A page that fails drops out, whatever it fails with."""
        try:
            yield
        except Exception as error:  # noqa: BLE001
            said = getattr(error, "stderr", None) or str(error)
            reason = (said.strip().splitlines() or [type(error).__name__])[-1]
            print(f"{app.name}: {said}", file=sys.stderr, flush=True)
            self.missing.append(f"{app.name}: not measured, as it could not be installed or run here ({reason}).")
            self.found.pop(app.name, None)
            self._served = [each for each in self._served if each[0] is not app]

    def start(self, apps: list[App], keep: Path | None, stack: ExitStack) -> None:
        """Installs and serves every page."""
        environ = as_for_a_user()
        for app in apps:
            with self.trying(app):
                python = stack.enter_context(environment(app, keep))
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                app.prepare(Path(folder))
                port = free_port()
                command = [part.format(python=python, port=port, folder=folder) for part in app.command]
                pool = environ | {"MBC_POOL": app.pool}
                self._served.append((app, stack.enter_context(serving(command, port, cwd=ROOT, env=pool))))

    def measure(self, visits: int, clicks: int) -> None:
        """Visits in rounds, so that a busy minute meets all pages alike; then the clicks of one page after the other."""
        for turn in range(visits + 1):
            for app, served in list(self._served):
                with self.trying(app):
                    visited(self.browser, app, served, self.found[app.name], counts=turn > 0)
        for app, served in list(self._served):
            with self.trying(app):
                clicked(self.browser, app, served, self.found[app.name], clicks)
                print(self.found[app.name].row(), flush=True)


def main() -> int:
    """Measures, prints and writes the page; 1 when there is no browser."""
    asked = argparse.ArgumentParser(description="Measure the dashboard beside other frameworks.")
    asked.add_argument("--only", default="", help="pages with this in their name; nothing is written then")
    asked.add_argument("--visits", type=int, default=VISITS)
    asked.add_argument("--clicks", type=int, default=CLICKS)
    asked.add_argument("--keep", type=Path, help="a folder for the environments, to run again without installing")
    given = asked.parse_args()
    path = find_chromium()
    if path is None:
        print(HOW_TO_INSTALL, file=sys.stderr)
        return 1
    apps = [app for app in APPS if given.only in app.name]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        run = Run(browser, apps)
        with ExitStack() as stack:
            run.start(apps, given.keep, stack)
            run.measure(given.visits, given.clicks)
        version = browser.version
        browser.close()
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    head = HEAD.format(machine=machine, version=version, plotly="7.1.0", visits=given.visits, clicks=given.clicks)
    rows = [one.row() for one in run.found.values()]
    text = "\n".join([head, *rows, *(["", *run.missing] if run.missing else []), ""])
    print(text)
    if not given.only:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
