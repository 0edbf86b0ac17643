"""Commands that start another program: the dashboard and the measurements."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from mbc_widgets.cli.failure import Refused, knowledge
from mbc_widgets.knowledge import PACKAGE
from mbc_widgets.teaching import PANELS, PanelError, check_panels

LARGEST_PORT = 65_535


def dashboard(chosen: argparse.Namespace) -> None:
    """Serve the dashboard until it is stopped.

    Raises:
        Refused: no such port, one that is taken, a panel that cannot be used, or the interface libraries are not installed.

    """
    if not 0 <= chosen.port <= LARGEST_PORT:
        raise Refused(f"--port: {chosen.port} is not a port; allowed 0 to {LARGEST_PORT}; leave it out for 8866")
    _take_panels(chosen.panels)
    try:
        from mbc_widgets.widgets.launch import serve
        from mbc_widgets.widgets.places import LaunchError
    except ModuleNotFoundError as error:
        raise Refused(
            f"{error.name} is not installed; install the package with its dependencies (see README.md)"
        ) from None
    try:
        serve(port=chosen.port, host=chosen.host, open_browser=not chosen.no_browser)
    except LaunchError as error:
        raise Refused(str(error)) from None


def _take_panels(given: str | None) -> None:
    """Checks the lecturer's folder of panels, if any, and names it to the page."""
    folder = given or os.environ.get(PANELS)
    if not folder:
        return
    try:
        cases = check_panels(Path(folder), knowledge())
    except PanelError as error:
        raise Refused(*error.problems) from None
    os.environ[PANELS] = str(Path(folder).resolve())
    print(f"Panels: {', '.join(cases) or 'none in the folder yet'}")


def bench(chosen: argparse.Namespace) -> None:
    """Run the measurements of the checkout, each in a process of its own: the core, the simulation, the message after the board.

    Raises:
        Refused: there is no checkout, or a measurement failed.

    """
    root = PACKAGE.parent
    for script in (root / "benchmarks" / name for name in ("bench.py", "simulation.py", "second.py")):
        if not script.is_file():
            raise Refused(f"{script}: missing; the measurements run from a checkout, not from an installed package")
        command = [sys.executable, str(script), *(["--quick"] if chosen.quick else [])]
        sys.stdout.flush()
        done = subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False)  # noqa: S603 - our own file
        if done.returncode:
            raise Refused(f"{script}: ended with exit code {done.returncode}; its message is above")
